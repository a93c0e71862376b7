/** What has happened to a task, oldest first, as the page tells it: a pure function of what is known. */

import { outcomeOf, outcomeText, whyText } from '../../domain/attempt-words.ts';
import { failureText } from '../../domain/failure-words.ts';
import { whyStale } from '../../domain/gate-words.ts';
import { notesInTime } from '../../domain/kept-note.ts';
import type { TaskRow } from '../../domain/rows.ts';
import type { Attempt, Gate, TaskState } from '../../domain/task-state.ts';
import { workOrder } from '../../domain/work-order.ts';
import { decisionText, questionOf } from '../decision/decision-standing.ts';

export interface Happening {
  readonly key: string;
  /** `left`: ended without having come to anything, and without having failed. */
  readonly mark: 'done' | 'now' | 'waits' | 'failed' | 'left';
  readonly what: string;
  readonly text: string;
  /** When it was, where that is kept. */
  readonly at?: string;
}

/** @param row absent where no list has it: then it is not known when the task began and ended */
export function storyOf(
  state: TaskState,
  row: Pick<TaskRow, 'startedAt' | 'closedAt'> | undefined,
): readonly Happening[] {
  const ends = endOf(state, row?.closedAt);
  const { before, atEnd } = notesInTime(state.notes, ends.length > 0);
  return [
    {
      ...{ key: 'begun', mark: 'done', what: 'Given', text: '' },
      ...(row !== undefined && { at: row.startedAt }),
    },
    ...workspaceOf(state),
    ...before.map(noteOf),
    ...workOrder(state).flatMap((work) =>
      'attempt' in work
        ? [attemptOf(work.attempt, state.attempts[state.attempts.indexOf(work.attempt) + 1])]
        : gateOf(work.gate, work.index),
    ),
    ...atEnd.map((text, at) => noteOf(text, before.length + at)),
    ...ends,
  ];
}

const noteOf = (text: string, at: number): Happening => ({
  ...{ key: `note ${at}`, mark: 'done', what: 'Note', text },
});

const short = (commit: string): string => commit.slice(0, 7);

function workspaceOf({ base, baseCommit, dirty }: TaskState): readonly Happening[] {
  if (base === undefined || baseCommit === undefined) return [];
  const uncommitted = dirty === true ? '; uncommitted changes of the repository are not part of it' : '';
  const text = `from ${base} at ${short(baseCommit)}${uncommitted}`;
  return [{ key: 'workspace', mark: 'done', what: 'Workspace', text }];
}

const MARKS = {
  running: 'now',
  done: 'done',
  failed: 'failed',
  cancelled: 'left',
  told: 'left',
  asked: 'left',
} as const;

function attemptOf(attempt: Attempt, next: Attempt | undefined): Happening {
  const { number, agent, reason } = attempt;
  const why = reason === 'first' ? '' : `, ${whyText(attempt)}`;
  return {
    key: `attempt ${number}`,
    mark: MARKS[outcomeOf(attempt, next)],
    what: `Attempt ${number}`,
    text: `${agent}${why}: ${outcomeText(attempt, next) ?? outcomeOf(attempt, next)}`,
  };
}

function gateOf(gate: Gate, index: number): readonly Happening[] {
  const { status, openedAt, decidedAt, by } = gate;
  const key = `gate ${index}`;
  if (gate.gate === 'check')
    return [{ key, ...checkOf(gate), ...(openedAt !== undefined && { at: openedAt }) }];
  const what = gate.gate === 'approval' ? 'Approval' : 'Escalation';
  const opened: Happening = {
    ...{ key, what, mark: status === 'open' ? 'waits' : 'done' },
    text: status === 'open' ? askedText(gate) : `asked: ${askedText(gate)}`,
    ...(openedAt !== undefined && { at: openedAt }),
  };
  if (status === 'open') return [opened];
  const ended: Happening = {
    ...{ key: `${key} ended`, what, mark: ENDS[status] ?? 'failed' },
    text: status === 'stale' && by === undefined ? `stale: ${whyStale(gate)}` : decisionText(gate),
    ...(decidedAt !== undefined && { at: decidedAt }),
  };
  return [opened, ended];
}

const ENDS: Readonly<Partial<Record<Gate['status'], Happening['mark']>>> = {
  approved: 'done',
  stale: 'left',
};

const askedText = (gate: Gate): string =>
  questionOf(gate) === 'change' ? `to approve its change, ${gate.question ?? ''}` : (gate.question ?? '');

function checkOf({ status, evidence = [], reason }: Gate): Pick<Happening, 'mark' | 'what' | 'text'> {
  const passed = evidence.filter((one) => one.passed).length;
  const failed = evidence.filter((one) => !one.passed).map(({ name }) => name);
  const what = 'Checks';
  switch (status) {
    case 'unverified':
      return { what, mark: 'done', text: 'unverified: no check is configured' };
    case 'passed':
      return { what, mark: 'done', text: `${passed} of ${evidence.length} passed` };
    case 'stale':
      return { what, mark: 'left', text: `stale: ${whyStale({ reason })}` };
    default: {
      const names = failed.length === 0 ? '' : `: ${failed.join(', ')} failed`;
      return { what, mark: 'failed', text: reason ?? `${passed} of ${evidence.length} passed${names}` };
    }
  }
}

function endOf(
  { status, summary, mergedCommit, failure }: TaskState,
  at: string | undefined,
): readonly Happening[] {
  const end = { key: 'end', ...(at !== undefined && { at }) };
  switch (status) {
    case 'completed':
      return [
        {
          ...end,
          mark: 'done',
          what: mergedCommit === null ? 'Done' : 'Merged',
          text: mergedCommit === null ? (summary ?? '') : `as ${short(mergedCommit)}`,
        },
      ];
    case 'failed':
      return [{ ...end, mark: 'failed', what: 'Failed', text: failure === null ? '' : failureText(failure) }];
    case 'cancelled':
      return [{ ...end, mark: 'left', what: 'Cancelled', text: failure?.message ?? '' }];
    default:
      return [];
  }
}
