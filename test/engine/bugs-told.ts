/** The log of an engine tells of each of its bugs, and whoever met one was told no more than that: a test may leave none. */
import { existsSync, readFileSync } from 'node:fs';
import { placesIn } from '../../src/config.ts';
import { expectNone } from './nothing-left.ts';

/** A stack and its causes. */
const LINES_SHOWN = 12;

export function expectNoBugTold(home: string): void {
  const { log } = placesIn(home);
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  const bugs = lines.flatMap((line, at) =>
    line.includes('bug: ') ? lines.slice(at, at + LINES_SHOWN).join('\n') : [],
  );
  expectNone('bugs in the log of the engine', bugs);
}
