/** What a run would do, for people. Pure. */
import { counted } from '../../domain/counted.ts';
import type { RunPreview } from '../../domain/operation-schemas.ts';
import { LABEL_WIDTH } from './render.ts';
import { safeLine } from './telling.ts';

/** @param priority as it was asked for */
export function previewText(shown: RunPreview, priority?: string): string {
  const { repository, dir, base, baseCommit, agent, checks, setup, forge, policy, costUsdMax } = shown;
  const { attemptsMax, attemptSecondsMax, costUsdMax: each } = policy;
  const where = dir === undefined ? repository : `${repository}, in ${dir}`;
  const cost =
    costUsdMax === null
      ? 'no limit set: --max-cost sets one for an attempt'
      : `$${costUsdMax} in all, $${each} an attempt`;
  const rows: readonly (readonly [string, string])[] = [
    ['repository', where],
    ['base', `${base}@${baseCommit.slice(0, 7)}`],
    ['agent', agent],
    ...(priority === undefined ? [] : [['priority', priority] as const]),
    ...(setup === null ? [] : [['set-up', setup.join(' ')] as const]),
    ...(checks.length === 0
      ? [['checks', 'none: nothing but the person who approves judges the work'] as const]
      : checks.map(({ name, run }) => ['check', checkText(name, run.join(' '))] as const)),
    ['pull request', forge],
    ['at most', `${counted(attemptsMax, 'attempt')} of ${attemptSecondsMax} s each`],
    ['cost', cost],
  ];
  return rows.map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)} ${safeLine(text)}`).join('\n');
}

/** A check by its name and its command, which may be the same. */
export const checkText = (name: string, command: string): string =>
  name === command ? name : `${name}: ${command}`;
