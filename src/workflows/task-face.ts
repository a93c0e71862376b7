/** What lists and the Temporal Web UI show of a task. How it gets there: `surface.ts`. */
import { insideWords } from '../domain/gates.ts';
import { factsOf } from '../domain/row-facts.ts';
import { openGateOf, type TaskRecord, viewOf } from '../domain/task-record.ts';
import { type Attempt, type Gate, isClosed, type TaskState } from '../domain/task-state.ts';
import type { Face, Shown } from './surface.ts';

export function faceOf(record: TaskRecord): Face {
  const view = viewOf(record);
  return {
    shown: shownOf(record, view),
    // Tasks from before they were kept there have none of them in their memo.
    words: record.plannedAt === undefined ? undefined : { name: 'task', json: wordsOf(record) },
    details: detailsOf(record, view.gates),
  };
}

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
