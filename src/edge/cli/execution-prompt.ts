/** What an execution waits for while somebody follows it: an open gate of its own or of one of its tasks, asked of a person. */
import { randomUUID } from 'node:crypto';
import type { ExecutionState, GateView } from '../../domain/executions/execution-state.ts';
import { openGatesIn } from '../../domain/executions/state-parts.ts';
import { PawlError } from '../../domain/failures.ts';
import { TaskId } from '../../domain/ids.ts';
import { askingTask } from './execution-next.ts';
import { gateText } from './execution-text.ts';
import type { FollowingOne } from './following.ts';
import { type Decided, decideGate, unlessMoved } from './gate-prompt.ts';
import { renderLine } from './render.ts';
import { storyOf } from './story.ts';
import { safeLine } from './telling.ts';
import type { Question } from './world.ts';

export interface AskedOptions {
  /** What a person was asked already: somebody else decides it, or a later state does. */
  readonly asked: Set<string>;
  /** Settles when the execution has moved: somebody else may have decided. */
  readonly moved: Promise<unknown>;
  /** Nothing else moves on the screen from now on. */
  readonly rest: () => void;
}

/** @returns `moved` as well where there is nothing to ask, or nobody who could be asked */
export async function decideHere(
  following: FollowingOne,
  state: ExecutionState,
  options: AskedOptions,
): Promise<Decided> {
  const { world, telling } = following;
  if (!world.interactive || telling.json) return 'moved';
  const [gate] = state.status === 'active' ? openGatesIn(state) : [];
  const task = askingTask(state);
  if (gate !== undefined) return decideOwn(following, state, gate, options);
  return task === undefined ? 'moved' : decideOfTask(following, TaskId.parse(task), options);
}

async function decideOwn(
  following: FollowingOne,
  state: ExecutionState,
  gate: GateView,
  { asked, moved, rest }: AskedOptions,
): Promise<Decided> {
  const { world, telling } = following;
  if (!isNew(asked, [gate.id, gate.digest, gate.reworks])) return 'moved';
  rest();
  telling.say(`${gateText(state, gate, { nowMs: world.date(), width: telling.people.columns })}\n`);
  return unlessMoved(following, moved, (signal) => ask(following, state, gate, signal));
}

const questionOf = ({ id, title }: GateView): Question => ({
  message: `${safeLine(title ?? id)}: may it go on?`,
  options: [
    { value: 'approve', label: '[a]pprove' },
    { value: 'reject', label: '[r]eject: whoever does it again gets your reason' },
    { value: 'later', label: '[l]ater' },
  ],
});

async function ask(
  following: FollowingOne,
  state: ExecutionState,
  gate: GateView,
  signal: AbortSignal,
): Promise<Decided> {
  const { world } = following;
  for (;;) {
    const choice = await world.choose(questionOf(gate), signal);
    if (signal.aborted || choice === undefined) return 'interrupted';
    if (choice === 'approve') return send(following, state, gate, { decision: 'approve' });
    if (choice !== 'reject') return 'left';
    const reason = (await world.askText('Why? Whoever does it again reads it.', signal))?.trim();
    if (reason !== undefined && reason !== '')
      return send(following, state, gate, { decision: 'reject', reason });
  }
}

/** Bound to the digest of what was shown here; what is stale by now is asked anew with the next state. */
async function send(
  { engine, telling, absence }: FollowingOne,
  { id }: ExecutionState,
  { id: gate, digest }: GateView,
  decision: { readonly decision: 'approve' } | { readonly decision: 'reject'; readonly reason: string },
): Promise<Decided> {
  // Sent again under the same id it is the same decision, and answered as the first time.
  const sent = { messageId: randomUUID(), ...(digest !== undefined && { digest }), via: 'cli' as const };
  try {
    await absence.asked(() => engine.decideGate({ id, gate, ...decision, ...sent }));
  } catch (error) {
    if (!(error instanceof PawlError) || !NOT_COUNTED.has(error.code)) throw error;
    telling.notice(`not counted: ${error.message}`);
  }
  return 'decided';
}

/** It is stale, or somebody else has to decide: whoever follows goes on. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['conflict', 'forbidden']);

async function decideOfTask(
  following: FollowingOne,
  id: TaskId,
  { asked, moved, rest }: AskedOptions,
): Promise<Decided> {
  const { engine, telling, absence } = following;
  const { people } = telling;
  const state = await absence.asked(() => engine.show({ id }));
  const gate = state.gates.find(({ status }) => status === 'open');
  if (gate === undefined || !isNew(asked, [id, gate.id, gate.digest])) return 'moved';
  rest();
  people.write(
    storyOf(state)
      .map((line) => `${renderLine(line, people)}\n`)
      .join(''),
  );
  return decideGate(following, state, gate, { yes: false, moved });
}

/** Notes it. */
function isNew(asked: Set<string>, about: readonly unknown[]): boolean {
  const key = JSON.stringify(about);
  if (asked.has(key)) return false;
  asked.add(key);
  return true;
}
