/** README's table of what the gates protect against, as the tests cite it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `caught`: nothing wrong is merged. `flagged`: it can be merged, and whoever decides is told. `sandbox`: only a sandbox around
 * the agent would hold it. `nobody`: no check can know.
 */
export const OUTCOMES = ['caught', 'flagged', 'sandbox', 'nobody'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const README = join(import.meta.dirname, '..', '..', 'README.md');
const HEADING = '## What the gates protect against, and what not';

/** The lines of the table, by their first words. @throws Error for a line with another outcome, or one that is there twice */
export function linesOfTable(text = readFileSync(README, 'utf8')): ReadonlyMap<string, Outcome> {
  const [, section = ''] = text.split(HEADING);
  const [own = ''] = section.split('\n## ');
  const lines = new Map<string, Outcome>();
  for (const [, line = '', word = ''] of own.matchAll(/^\| \*\*(.+?)\*\*[^|]*\| (\S+) \|/gm)) {
    const outcome = OUTCOMES.find((one) => one === word);
    if (outcome === undefined || lines.has(line)) throw new Error(`README: ${line} | ${word}`);
    lines.set(line, outcome);
  }
  return lines;
}
