/** What lists filter on and what the Temporal Web UI shows of a task. An upsert costs one event, details none. */
import {
  type ContinueAsNewOptions,
  setCurrentDetails,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { insideWords } from '../domain/gates.ts';
import { factsOf } from '../domain/row-facts.ts';
import { EDITION, openGateOf, type TaskRecord, viewOf } from '../domain/task-record.ts';
import { type Attempt, type Gate, isClosed, type TaskState } from '../domain/task-state.ts';
import { PawlAttempt, PawlChanged, PawlFacts, PawlGate, PawlStatus } from './search-attributes.ts';

interface Shown {
  readonly status: string;
  readonly attempt: number;
  readonly gate: string;
  readonly changedAt: string | undefined;
  /** `RowFacts` as JSON. */
  readonly facts: string;
}

/**
 * Answers a function that shows the record as it is now, and upserts only what has changed since. A task is started, and
 * goes on after continue-as-new, with its first state in its attributes.
 */
export function createSurface(record: TaskRecord): () => void {
  let last = shownOf(record, viewOf(record));
  let lastWords = wordsOf(record);
  return () => {
    const view = viewOf(record);
    const now = shownOf(record, view);
    const attributes = attributesOf(now, last);
    // What else lists tell goes along: an upsert of its own would cost an event.
    if (attributes.length > 0) upsertSearchAttributes([...attributes, ...factsIn(now, last)]);
    last = attributes.length > 0 ? now : { ...now, facts: last.facts };
    const words = wordsOf(record);
    // Tasks from before they were kept there have none of them in their memo.
    if (record.plannedAt !== undefined && words !== lastWords) upsertMemo({ task: JSON.parse(words) });
    lastWords = words;
    setCurrentDetails(detailsOf(record, view.gates));
  };
}

/** The same for the run that goes on after this one: by itself it would have what this one was started with. */
export function carriedSurface(record: TaskRecord): ContinueAsNewOptions {
  const { memo, typedSearchAttributes } = workflowInfo();
  const words = record.plannedAt === undefined ? {} : { task: JSON.parse(wordsOf(record)) };
  const now = shownOf(record, viewOf(record));
  return {
    // The next run lives by today's rules, whichever this one was started under.
    memo: { ...memo, ...words, edition: EDITION },
    typedSearchAttributes: typedSearchAttributes.updateCopy([...attributesOf(now), ...factsIn(now)]),
  };
}

/** The fields that differ from before. */
const attributesOf = (now: Shown, last?: Shown) => [
  ...(now.status === last?.status ? [] : [{ key: PawlStatus, value: now.status }]),
  ...(now.attempt === (last?.attempt ?? 0) ? [] : [{ key: PawlAttempt, value: now.attempt }]),
  ...(now.gate === last?.gate ? [] : [{ key: PawlGate, value: now.gate === '' ? null : now.gate }]),
  ...(now.changedAt === last?.changedAt || now.changedAt === undefined
    ? []
    : [{ key: PawlChanged, value: new Date(now.changedAt) }]),
];

const factsIn = ({ facts }: Shown, last?: Shown) =>
  facts === (last?.facts ?? NO_FACTS) ? [] : [{ key: PawlFacts, value: facts === NO_FACTS ? null : facts }];

const NO_FACTS = '{}';

/** What a list says of a task in words, as JSON. */
const wordsOf = ({
  artifacts,
  title,
  description,
  plan,
  context,
  summary,
  plannedAt,
}: TaskRecord): string => {
  const left = artifacts.length === 0 ? {} : { artifacts };
  return JSON.stringify({ title, description, plan, context, summary, plannedAt, ...left });
};

const shownOf = (record: TaskRecord, view: TaskState): Shown => ({
  status: record.phase.status,
  // Attempts are told while they matter to a list: an upsert of its own for each would cost an event.
  attempt: record.run?.attempts.length ?? 0,
  gate: openGateOf(record)?.gate ?? '',
  changedAt: record.edition === undefined ? undefined : record.changedAt,
  facts: JSON.stringify(factsOf(view)),
});

function detailsOf(record: TaskRecord, gates: readonly Gate[]): string {
  const { phase, run } = record;
  const head = `**${record.title}**: ${phase.status}${run === undefined || isClosed(phase.status) ? '' : ` · ${run.step}`}`;
  const lines = [head];
  for (const attempt of run?.attempts ?? []) lines.push(attemptLine(attempt));
  for (const gate of gates) lines.push(gateLine(gate));
  if (run?.published !== undefined)
    lines.push(`- pull request #${run.published.pullRequest.number} ${run.published.pullRequest.url}`);
  if (run?.mergedCommit !== undefined) lines.push(`- merged as \`${run.mergedCommit}\``);
  if (phase.status === 'failed') lines.push(`- failed (${phase.failure.class}): ${phase.failure.message}`);
  for (const note of record.notes) lines.push(`- note: ${note}`);
  for (const gate of gates) if (gate.next !== undefined) lines.push(howToDecide(gate));
  return lines.join('\n');
}

const howToDecide = ({ id, next }: Gate): string =>
  `\nNext: ${next}. To decide here, send the signal \`approve_gate\` with \`{"gate":"${id}","decision":"approve","by":"your name"}\`.`;

const attemptLine = ({ number, reason, agent, outcome, failure, commit }: Attempt): string =>
  `- attempt ${number} (${reason}, ${agent}): ${outcome}${failure === undefined ? '' : `, ${failure.class}: ${failure.message}`}${commit === undefined ? '' : ` \`${commit.slice(0, 7)}\``}`;

const gateLine = ({ id, status, commit, by, via, inside, question, carriedFrom }: Gate): string =>
  `- gate ${id}: ${status}${commit === undefined ? '' : ` for \`${commit.slice(0, 7)}\``}${by === undefined ? '' : ` by ${by} (${via}${insideWords(inside)}${carriedFrom === undefined ? '' : `, carried over from ${carriedFrom}`})`}${question === undefined ? '' : ` — ${question}`}`;
