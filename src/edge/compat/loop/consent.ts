/** What a person is shown before they decide: at a gate, or where a guarantee is resolved and gates are set. */
import { digestOf } from '../../../domain/digest.ts';
import type { ExecutionState, GateView, SkillView } from '../../../domain/executions/execution-state.ts';
import { PawlError } from '../../../domain/failures.ts';
import { clip } from '../../../domain/limits.ts';
import { type Decision, DecisionForm, decidedBy } from '../../mcp/elicitation.ts';
import type { ToolContext } from '../../mcp/tool.ts';

/** How a decision came, as it is recorded. */
export const viaOf = ({ mayDecide }: ToolContext) => (mayDecide === true ? 'mcp-allow-approve' : 'mcp');

/**
 * What was proposed, or what the person made of it.
 * @throws Unanswered before a person was asked; PawlError `precondition` where nobody can be asked or nobody wants to answer
 */
export function decidedAtGate(
  state: ExecutionState,
  gate: GateView,
  proposed: Decision,
  context: ToolContext,
): Decision {
  const { id, title } = state;
  const phase = state.phases.find((one) => one.id === gate.afterPhase);
  const lines = [
    `${clip(title, 200)} (${id}) waits for your decision at the gate ${gate.title ?? gate.id}.`,
    ...(phase?.skills ?? []).map(skillLine),
    ...(gate.evidence ?? []).map(
      ({ name, passed, commit }) => `${name} ${passed ? 'passed' : 'failed'} at ${commit.slice(0, 9)}`,
    ),
    ...gate.guarantees.map(guaranteeLine),
    proposedLine(proposed),
  ];
  const way = proposed.decision === 'approve' ? '' : ' --reason …';
  return decidedBy(
    {
      key: keyOf([id, gate.id, gate.digest, gate.status]),
      question: { message: lines.join('\n'), form: DecisionForm },
      otherWays: `\`pawl execution ${proposed.decision} ${id} ${gate.id}${way}\` decides as well, and the operation decideGate over HTTP`,
    },
    proposed,
    context,
  );
}

const skillLine = ({ id, state, summary, why }: SkillView): string =>
  `${id}: ${state}${summary === undefined ? '' : `, ${clip(summary, 300)}`}${why === undefined ? '' : ` (${clip(why, 300)})`}`;

const guaranteeLine = ({ id, text, passed, resolution }: GateView['guarantees'][number]): string =>
  `${id} (${text}): ${resolution?.type ?? (passed === true ? 'holds' : 'does not hold')}`;

const proposedLine = ({ decision, reason }: Decision): string =>
  `The agent proposes: ${decision}${reason === undefined ? '' : `, because: ${clip(reason, 1_000)}`}`;

/** What is asked for besides the decision at a gate. */
export interface Wish {
  /** What would be done, in a sentence. */
  readonly words: string;
  /** Why, and what holds now. */
  readonly lines?: readonly string[];
  /** Everything that it is about: of something else another person's word is needed. */
  readonly about: readonly unknown[];
  /** The command that does it. */
  readonly command: string;
}

/**
 * @returns why the person wants it, where they say so
 * @throws as `decidedAtGate`; PawlError `precondition` where the person does not want it
 */
export function needConsent(
  { id, title }: ExecutionState,
  { words, lines = [], about, command }: Wish,
  context: ToolContext,
): string | undefined {
  const message = [
    `The agent asks you to decide about ${clip(title, 200)} (${id}).`,
    `It wants to ${words}.`,
    ...lines,
    'To approve does it, to reject leaves everything as it is.',
  ].join('\n');
  const otherWays = `\`pawl execution ${command}\` does it as well, and the operation steerExecution over HTTP`;
  const matter = { key: keyOf([id, words, ...about]), question: { message, form: DecisionForm }, otherWays };
  const { decision, reason } = decidedBy(matter, { decision: 'approve' }, context);
  const said = reason?.trim() === '' ? undefined : reason?.trim();
  if (decision === 'approve') return said;
  const why = said === undefined ? '' : `: ${said}`;
  throw new PawlError('precondition', `the user does not want to ${words}${why}; nothing was changed`);
}

const keyOf = (about: readonly unknown[]): string =>
  `decision-${digestOf(about).slice('sha256:'.length, 'sha256:'.length + 32)}`;
