/**
 * Who decides a gate through MCP: a person in the client's own prompt, or the client itself where whoever runs the adapter
 * allowed it. A decision is bound to what was shown; where that has changed meanwhile, it is asked anew.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import type { TaskId } from '../../domain/ids.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import { remarkLines } from '../../domain/remarks.ts';
import { rewrittenWords } from '../../domain/review.ts';
import type { Gate, TaskState } from '../../domain/task-state.ts';
import type { Question, ToolContext } from './tool.ts';

export interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly reason?: string | undefined;
}

export interface OpenGate extends Gate {
  readonly gate: 'approval' | 'escalation';
}

/**
 * The gate that a person has to decide, where there is one.
 * @param name its id or its kind, where several may be open
 */
export const openGateOf = ({ gates }: TaskState, name?: string): OpenGate | undefined =>
  gates.filter(isOpen).find(({ id, gate }) => name === undefined || name === id || name === gate);

const isOpen = (gate: Gate): gate is OpenGate => gate.status === 'open' && gate.gate !== 'check';

/** @throws PawlError `conflict` where nothing waits for a person, or not the gate of this name */
export function needOpenGate(state: TaskState, name?: string): OpenGate {
  const gate = openGateOf(state, name);
  if (gate !== undefined) return gate;
  const other = openGateOf(state);
  throw new PawlError(
    'conflict',
    other === undefined
      ? `${state.id} is ${state.status} and waits for no decision: show tells how it is`
      : `${state.id} waits for a decision on ${other.id}, not on ${name}: show tells how it is`,
  );
}

/** What a person is asked to decide. */
export interface Matter {
  /** Another thing to decide on has another one. */
  readonly key: string;
  readonly question: Question;
  /** Where it can be decided as well. */
  readonly otherWays: string;
}

/**
 * @throws Unanswered before a person was asked; PawlError `precondition` where nobody can be asked or nobody wants to answer
 */
export function decidedBy(
  { key, question, otherWays }: Matter,
  proposed: Decision,
  { mayDecide, ask }: ToolContext,
): Decision {
  if (mayDecide === true) return proposed;
  if (ask === undefined) {
    throw new PawlError(
      'precondition',
      `expected a client whose user can be asked, found one where that cannot be: a person has to decide; ${otherWays}`,
    );
  }
  const said = ask(key, question);
  const form = said.kind === 'answered' ? DecisionForm.safeParse(said.fields) : undefined;
  if (form?.success !== true) {
    throw new PawlError('precondition', `the user did not decide, and the gate stays open; ${otherWays}`);
  }
  return form.data;
}

/** @throws as `decidedBy` */
export function decided(
  state: TaskState,
  gate: OpenGate,
  proposed: Decision,
  context: ToolContext,
): Decision {
  const otherWay = gate.gate === 'escalation' ? 'retry' : 'approve';
  const matter = {
    key: questionKey(state.id, gate),
    question: questionOf(state, gate, proposed),
    otherWays: `\`pawl ${otherWay} ${state.id}\` decides as well, and the operation ${otherWay} over HTTP`,
  };
  return decidedBy(matter, proposed, context);
}

/** Another thing to decide on is another question. */
export function questionKey(id: TaskId, { id: gateId, gate, digest, question, commit }: OpenGate): string {
  const shown = JSON.stringify([id, gateId ?? gate, digest, question, commit]);
  return `decision-${createHash('sha256').update(shown).digest('hex').slice(0, 32)}`;
}

export const DecisionForm = z.object({
  decision: z.enum(['approve', 'reject']),
  reason: z.string().max(LIMITS.noteCharsMax).optional(),
});

function changeLines({ pullRequest, base = 'The base' }: TaskState): string[] {
  if (pullRequest === null) return [];
  const { insertions, deletions, files, url, flagged, remarks = [], baseRewritten } = pullRequest;
  return [
    `Change: +${insertions} -${deletions} in ${files} files, ${url}`,
    ...(flagged.length === 0 ? [] : [`Look at: ${flagged.join(', ')}`]),
    ...remarkLines(remarks),
    ...(baseRewritten === true ? [`${rewrittenWords(base)}.`] : []),
  ];
}

export function questionOf(state: TaskState, gate: OpenGate, proposed?: Decision): Question {
  const lines = [
    `${clip(state.title, 200)} (${state.id}) waits for your decision.`,
    ...(gate.question === undefined ? [] : [gate.question]),
    ...(gate.gate === 'escalation' ? ['To approve is to retry, to reject ends the task as failed.'] : []),
    ...(gate.permission === undefined ? changeLines(state) : []),
    ...(proposed === undefined
      ? []
      : [
          `The agent proposes: ${proposed.decision}${proposed.reason === undefined ? '' : `, because: ${proposed.reason}`}`,
        ]),
  ];
  return { message: lines.join('\n'), form: DecisionForm };
}
