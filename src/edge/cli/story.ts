/**
 * What has happened to a task, as lines for a person: a pure function of one state. Each line has a key that stays,
 * so that a reader who follows the task is told every line once.
 */
import { agentOf } from '../../domain/by-hand.ts';
import { commandText } from '../../domain/command-line.ts';
import { failureText } from '../../domain/failure-words.ts';
import { viaWords, whyStale } from '../../domain/gate-words.ts';
import { insideWords } from '../../domain/gates.ts';
import { branchOf } from '../../domain/ids.ts';
import { notesInTime } from '../../domain/kept-note.ts';
import { remarkWords } from '../../domain/remarks.ts';
import { rewrittenWords } from '../../domain/review.ts';
import { type Evidence, type Gate, isClosed, type TaskState } from '../../domain/task-state.ts';
import { workOrder } from '../../domain/work-order.ts';
import { attemptLine, isSettled } from './attempt-line.ts';
import type { Line } from './line.ts';
import { safeLine } from './telling.ts';

/** Everything settled about a task, oldest first. */
export function storyOf(state: TaskState, agent?: string): Line[] {
  const { before, atEnd } = notesInTime(state.notes, isClosed(state.status));
  return [
    titleLine(state, agent),
    ...noteLines(before),
    ...workspaceLines(state),
    ...workLines(state),
    ...noteLines(atEnd),
    ...endLines(state),
  ];
}

export const shortCommit = (commit: string): string => commit.slice(0, 7);

export const seconds = (ms: number): string =>
  ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;

function titleLine(state: TaskState, asked?: string): Line {
  const { id, title, repository, dir, priority } = state;
  const agent = agentOf(state) ?? asked;
  const parts = [
    ...(repository === undefined ? [] : [placeOf(repository, dir)]),
    ...(agent === undefined ? [] : [`agent ${agent}`]),
    ...(priority === undefined ? [] : [`${priority} priority`]),
    `task ${id}`,
  ];
  return { key: 'title', mark: 'title', label: '', text: safeLine(title), note: safeLine(parts.join(' · ')) };
}

const placeOf = (repository: string, dir: string | undefined): string =>
  [repository.split('/').at(-1) ?? repository, ...(dir === undefined ? [] : [dir])].join('/');

const noteLines = (notes: readonly string[]): Line[] =>
  notes.map((note) => ({ key: `note:${note}`, mark: 'done', label: 'note', text: safeLine(note) }));

function workspaceLines({ id, base, baseCommit, dirty, repository }: TaskState): Line[] {
  if (base === undefined || baseCommit === undefined) return [];
  const text = `${branchOf(id)} from ${base}@${shortCommit(baseCommit)}`;
  const lines: Line[] = [{ key: 'workspace', mark: 'done', label: 'workspace', text }];
  if (dirty === true) {
    const words = `uncommitted changes in ${safeLine(repository ?? 'the repository')} are not part of this run`;
    lines.push({ key: 'dirty', mark: 'warning', label: '', text: words });
  }
  return lines;
}

/** What was checked or shown is named by its commit. */
function workLines(state: TaskState): Line[] {
  const lines = workOrder(state).flatMap((work) => {
    if ('gate' in work) return gateLines(state, work.gate, work.index);
    const next = state.attempts[state.attempts.indexOf(work.attempt) + 1];
    return isSettled(state, work.attempt, next) ? [attemptLine(work.attempt, next)] : [];
  });
  if (lines.some(({ key }) => key.startsWith('pull-request:'))) return lines;
  return [...lines, ...pullRequestLines(state)];
}

function gateLines(state: TaskState, gate: Gate, index: number): Line[] {
  const key = `gate:${index}`;
  const stale: Line[] =
    gate.status === 'stale'
      ? [
          {
            key: `${key}:stale`,
            mark: 'warning',
            label: gate.gate,
            text: safeLine(`stale: ${whyStale(gate)}`),
          },
        ]
      : [];
  if (gate.gate === 'check') return [...checkLines(gate, key), ...stale];
  const shown =
    gate.gate === 'approval' && gate.commit === state.pullRequest?.commit ? pullRequestLines(state) : [];
  return [...shown, ...decisionLines(gate, key, idAmong(state.gates, gate)), ...stale];
}

/** Where more than one could be meant, its id. */
const idAmong = (gates: readonly Gate[], { gate, id }: Gate): string | undefined =>
  gates.filter((one) => one.gate === gate).length > 1 ? id : undefined;

function checkLines({ evidence = [], status, reason }: Gate, key: string): Line[] {
  if (evidence.length === 0 && status === 'failed')
    return [{ key, mark: 'failed', label: 'check', text: safeLine(reason ?? '') }];
  if (evidence.length === 0) {
    return [
      {
        key,
        mark: 'warning',
        label: 'check',
        text: 'unverified: no check is configured (pawl init proposes some)',
      },
    ];
  }
  return evidence.map((one, index) => ({
    key: `${key}:${index}`,
    mark: one.passed ? 'done' : 'failed',
    label: 'check',
    text: safeLine(`${one.name || commandText(one.command)} @ ${shortCommit(one.commit)}: ${howItWent(one)}`),
    note: seconds(one.durationMs),
  }));
}

function howItWent({ passed, exitCode, tail, restored }: Evidence): string {
  const how = passed
    ? (passedCount(tail) ?? 'passed')
    : exitCode === null
      ? 'did not end in time'
      : `exited with ${exitCode}`;
  return restored === undefined ? how : `${how}, with ${restored.join(', ')} as in the base commit`;
}

/** How many tests passed, in the words of node:test, vitest, jest, pytest or cargo. Only for show. */
function passedCount(output: string): string | undefined {
  const count = /^(?:#|ℹ) pass (\d+)$/m.exec(output)?.[1] ?? /\b(\d+) pass(?:ed|ing)\b/.exec(output)?.[1];
  return count === undefined ? undefined : `${count} passed`;
}

function pullRequestLines({ pullRequest, base = 'the base' }: TaskState): Line[] {
  if (pullRequest === null) return [];
  const { number, insertions, deletions, files, flagged, commit, baseRewritten, remarks = [] } = pullRequest;
  const key = `pull-request:${commit}`;
  const text = `#${number}  +${insertions} -${deletions} in ${files} ${files === 1 ? 'file' : 'files'}`;
  const lines: Line[] = [{ key, mark: 'done', label: 'pull request', text }];
  if (flagged.length > 0) {
    const words = `look closely at ${flagged.join(', ')}: tests, checks or lock files are changed`;
    lines.push({ key: `${key}:flagged`, mark: 'warning', label: '', text: safeLine(words) });
  }
  for (const [at, remark] of remarks.entries())
    lines.push({
      key: `${key}:remark-${at}`,
      mark: 'warning',
      label: '',
      text: safeLine(remarkWords(remark)),
    });
  if (baseRewritten === true)
    lines.push({ key: `${key}:base`, mark: 'warning', label: '', text: safeLine(rewrittenWords(base)) });
  return lines;
}

function decisionLines(
  { gate: label, status, question, by, via, inside, reason, carriedFrom }: Gate,
  key: string,
  id: string | undefined,
): Line[] {
  const note = id === undefined ? {} : { note: id };
  if (status === 'open')
    return [{ key: `${key}:open`, mark: 'waiting', label, text: safeLine(question ?? ''), ...note }];
  if (by === undefined) return [];
  const [how, mark] =
    status === 'rejected' ? (['rejected', 'failed'] as const) : (['approved', 'done'] as const);
  const carried =
    carriedFrom === undefined ? '' : `, carried over from ${carriedFrom}: the same change, checked again`;
  const words = carriedFrom !== undefined || reason === undefined ? carried : `: ${reason}`;
  const text = `${how} by ${by}${via === undefined ? '' : ` via ${viaWords(via)}${insideWords(inside)}`}${words}`;
  return [{ key: `${key}:decided`, mark, label, text: safeLine(text), ...note }];
}

function endLines(state: TaskState): Line[] {
  const { status, mergedCommit, base, takeCommand, takeReason, failure, summary, unverified } = state;
  const key = 'end';
  if (status === 'failed') {
    const text = safeLine(failure === null ? '' : failureText(failure));
    return [{ key, mark: 'failed', label: 'failed', text }];
  }
  if (status === 'cancelled') return [{ key, mark: 'failed', label: 'cancelled', text: '' }];
  if (status !== 'completed') return [];
  if (mergedCommit === null)
    return [{ key, mark: 'done', label: 'completed', text: safeLine(summary ?? '') }];
  const doubt = unverified === true ? ' (unverified)' : '';
  if (takeCommand === undefined) {
    return [{ key, mark: 'done', label: 'merged', text: `${base}@${shortCommit(mergedCommit)}${doubt}` }];
  }
  return [
    {
      key,
      mark: 'done',
      label: 'merged',
      text: safeLine(
        `${shortCommit(mergedCommit)}${doubt}, kept aside: ${takeReason ?? `${base} is checked out with changes`}`,
      ),
    },
    { key: 'take', mark: 'warning', label: '', text: `take it with: ${safeLine(takeCommand)}` },
  ];
}
