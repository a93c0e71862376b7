/** What came of an attempt, as a line for a person. Pure. */
import { outcomeOf, outcomeText, whyText } from '../../domain/attempt-words.ts';
import { type Attempt, isClosed, type TaskState, type Usage } from '../../domain/task-state.ts';
import type { Line, Mark } from './line.ts';
import { safeLine } from './telling.ts';

/** Why one was ended says the attempt after it, or the end of the task. */
export const isSettled = ({ status }: TaskState, { outcome }: Attempt, next: Attempt | undefined): boolean =>
  outcome !== 'running' && (outcome !== 'cancelled' || next !== undefined || isClosed(status));

const ATTEMPT_MARKS = {
  running: 'waiting',
  done: 'done',
  failed: 'failed',
  cancelled: 'left',
  told: 'left',
  asked: 'left',
} as const satisfies Record<ReturnType<typeof outcomeOf>, Mark>;

export function attemptLine(attempt: Attempt, next: Attempt | undefined): Line {
  const { number, reason, failure, usage } = attempt;
  const why = failure?.class === reason ? '' : whyOf(attempt);
  const outcome = outcomeOf(attempt, next);
  return {
    key: `attempt:${number}`,
    mark: ATTEMPT_MARKS[outcome],
    label: `attempt ${number}`,
    text: safeLine(`${why}${outcomeText(attempt, next) ?? outcome}`),
    ...(usage === undefined ? {} : { note: usageWords(usage) }),
  };
}

/** Why there was this attempt, to read before what it came to; nothing of the first. */
function whyOf(attempt: Attempt): string {
  const { reason, agent } = attempt;
  if (reason === 'first') return '';
  return `${reason === 'by_hand' ? `by ${agent}` : whyText(attempt)}: `;
}

const usageWords = ({ inputTokens, outputTokens, costUsd }: Usage): string =>
  `${inputTokens} in, ${outputTokens} out${costUsd === undefined ? '' : `, $${costUsd.toFixed(2)}`}`;
