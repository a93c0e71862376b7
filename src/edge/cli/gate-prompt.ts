/** An open gate while somebody follows the task: asked of a person, approved with `--yes`, or left for later. */
import { randomUUID } from 'node:crypto';
import { callNamed } from '../../domain/calls.ts';
import { PawlError } from '../../domain/failures.ts';
import type { Gate, TaskState } from '../../domain/task-state.ts';
import type { FollowingOne } from './following.ts';
import { safeText } from './telling.ts';
import type { Question } from './world.ts';

export interface DecideOptions {
  readonly yes: boolean;
  /** Settles when the task has moved: somebody else may have decided. */
  readonly moved: Promise<unknown>;
}
export type Decided = 'decided' | 'moved' | 'left' | 'interrupted';

export async function decideGate(
  following: FollowingOne,
  state: TaskState,
  gate: Gate,
  options: DecideOptions,
): Promise<Decided> {
  const { world, telling } = following;
  if (options.yes) {
    // A flag says that the change may be merged, not what else may be done or what should happen in trouble.
    if (gate.gate !== 'approval' || gate.permission !== undefined) return 'left';
    return send(following, state, gate, 'approve');
  }
  if (!world.interactive || telling.json) return 'left';
  return unlessMoved(following, options.moved, (signal) => ask(following, state, gate, signal));
}

/** The question goes away once what it is about has moved. */
export async function unlessMoved(
  { world }: FollowingOne,
  moved: Promise<unknown>,
  ask: (signal: AbortSignal) => Promise<Decided>,
): Promise<Decided> {
  const asking = new AbortController();
  const signal = AbortSignal.any([asking.signal, world.signal]);
  try {
    return await Promise.race([ask(signal), moved.then((): Decided => 'moved')]);
  } finally {
    asking.abort();
  }
}

const APPROVAL: Question = {
  message: 'Merge this change?',
  options: [
    { value: 'approve', label: '[a]pprove' },
    { value: 'reject', label: '[r]eject: the agent gets your reason' },
    { value: 'diff', label: '[d]iff' },
    { value: 'later', label: '[l]ater' },
  ],
};
const PERMISSION: Question = {
  message: 'May the agent do this?',
  options: [
    { value: 'approve', label: '[a]llow it' },
    { value: 'reject', label: '[r]efuse: the agent gets your reason' },
    { value: 'later', label: '[l]ater' },
  ],
};
const ESCALATION: Question = {
  message: 'What should happen?',
  options: [
    { value: 'approve', label: '[a]gain: it goes on from here' },
    { value: 'reject', label: '[r]eject: the task fails with your reason' },
    { value: 'later', label: '[l]ater' },
  ],
};

function questionOf({ gate, permission }: Gate): Question {
  if (permission !== undefined) return PERMISSION;
  return gate === 'approval' ? APPROVAL : ESCALATION;
}

async function ask(
  following: FollowingOne,
  state: TaskState,
  gate: Gate,
  signal: AbortSignal,
): Promise<Decided> {
  const { world, engine, telling, absence } = following;
  for (;;) {
    const choice = await world.choose(questionOf(gate), signal);
    if (signal.aborted || choice === undefined) return 'interrupted';
    switch (choice) {
      case 'approve':
        return send(following, state, gate, 'approve');
      case 'reject': {
        const reason = (await world.askText('Why? The agent reads it.', signal))?.trim();
        if (reason !== undefined && reason !== '') return send(following, state, gate, 'reject', reason);
        break;
      }
      case 'diff':
        telling.say(safeText((await absence.asked(() => engine.diff({ id: state.id }))).patch));
        break;
      default:
        return 'left';
    }
  }
}

/** Bound to the digest of what was shown here; what is stale by now is shown anew by the next state. */
async function send(
  { engine, telling, absence }: FollowingOne,
  { id }: TaskState,
  // An older engine has no ids of gates.
  { gate: kind, id: gate = kind, digest }: Gate,
  decision: 'approve' | 'reject',
  reason?: string,
): Promise<Decided> {
  // Sent again under the same id it is the same decision, and answered as the first time.
  const sent = { messageId: randomUUID(), ...(digest === undefined ? {} : { digest }) };
  const body = { id, gate, via: 'cli', ...sent, ...(reason === undefined ? {} : { reason }) };
  try {
    await absence.asked(() => callNamed(engine, decision)(body));
  } catch (error) {
    if (!(error instanceof PawlError) || error.code !== 'conflict') throw error;
    telling.notice(`not counted: ${error.message}`);
  }
  return 'decided';
}
