/** What a card of the board says besides its title and its status. Pure. */
import { failureWord } from '../../domain/failure-words.ts';
import { priorityText } from '../../domain/priority.ts';
import type { TaskRow } from '../../domain/rows.ts';
import { lastOf } from '../shown/last-of.ts';
import { placeOf } from '../shown/phases-text.ts';
import { usageText } from '../shown/usage-text.ts';
import { waitText } from '../shown/wait-words.ts';
import type { Card } from './board-cards.ts';

export function cardFacts(card: Card): readonly string[] {
  if (card.is === 'execution') {
    const { id, loop, project, priority } = card.row;
    const facts = [priorityText(priority), id, `loop ${loop}`, ...placeOf(card.row), lastOf(project)];
    return facts.filter((one) => one !== undefined);
  }
  const { repository, agent, attempt = 0, failureClass, usage, priority } = card.row;
  return [
    failureClass === undefined || failureClass === 'unknown' ? undefined : failureWord(failureClass),
    stepWord(card.row),
    priorityText(priority),
    agent,
    repository === undefined ? undefined : lastOf(repository),
    attempt > 1 ? `attempt ${attempt}` : undefined,
    usageText(usage),
  ].filter((one) => one !== undefined);
}

const STEP_WORDS: Readonly<Record<NonNullable<TaskRow['step']>, string>> = {
  workspace: 'workspace is made',
  attempt: 'agent works',
  check: 'checks run',
  pull_request: 'pull request is made',
  approval: 'is shown',
  merge: 'is merged',
};
function stepWord({ status, step, waitsFor }: TaskRow): string | undefined {
  if (waitsFor !== undefined) return waitText(waitsFor);
  return status === 'in_progress' && step !== undefined ? STEP_WORDS[step] : undefined;
}
