/**
 * The port `Matcher`: globs and patterns are matched in a thread, which is ended where it takes too long. In V8 a regular expression
 * may backtrack for hours (catastrophic backtracking), and nothing else of its thread runs meanwhile.
 */
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Matcher } from '../../activities/ports/matcher-port.ts';
import { TOO_SLOW, type TooSlow } from '../../domain/executions/guarantee-facts.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { MatchTask } from './match-thread.ts';

/** Sources run as .ts in a clone and as .js in the package. */
const THREAD = join(import.meta.dirname, `match-thread${extname(import.meta.filename)}`);
/** A busy machine takes its time to start one. */
const START_MS_MAX = 30_000;
/** What texts and the stack of an expression need; more is a runaway. */
const MEGABYTES_MAX = 256;

export function createMatcher(msMax: number = LIMITS.matchMsMax): Matcher {
  return {
    async paths(glob, paths) {
      const found = await matchIn({ kind: 'glob', source: glob, texts: paths }, msMax);
      if (found.some((one) => one === TOO_SLOW)) return TOO_SLOW;
      return paths.filter((_, at) => found[at] === true);
    },
    texts: (pattern, texts) => matchIn({ kind: 'pattern', source: pattern, texts }, msMax),
  };
}

/** @returns of each text; those to which the thread did not come in time take too long */
async function matchIn(task: MatchTask, msMax: number): Promise<readonly (boolean | TooSlow)[]> {
  if (task.texts.length === 0) return [];
  const thread = new Worker(THREAD, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_MAX },
  });
  const found: boolean[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the thread that matches did not start')), START_MS_MAX);
      thread.on('message', (told: 'begins' | readonly boolean[]) => {
        if (told === 'begins') {
          clearTimeout(timer);
          timer = setTimeout(resolve, msMax);
        } else found.push(...told);
        if (found.length === task.texts.length) resolve();
      });
      thread.once('error', reject);
      thread.once('exit', () => resolve());
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
  return task.texts.map((_, at) => found[at] ?? TOO_SLOW);
}
