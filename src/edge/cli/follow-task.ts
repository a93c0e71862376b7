/** Follows a task to its end or to a decision that nobody here makes. */
import type { TaskNews } from '../../domain/events.ts';
import { PawlError } from '../../domain/failures.ts';
import { nextAt } from '../../domain/gates.ts';
import type { TaskId } from '../../domain/ids.ts';
import { type Gate, isClosed, type TaskState } from '../../domain/task-state.ts';
import { EngineAway, isAway, watchAbsence } from './absence.ts';
import { EXIT } from './exit.ts';
import type { Following, FollowingOne } from './following.ts';
import { decideGate } from './gate-prompt.ts';
import { safeLine, safeText, type Telling } from './telling.ts';
import { createView, type View } from './view.ts';

export interface FollowOptions {
  /** Approves as the local user what waits for an approval; an escalation stays a person's. */
  readonly yes: boolean;
  readonly agent?: string;
  /** When the task was started, if that was just now. */
  readonly startedAtMs?: number;
}

/**
 * The exit code: 0 done, 1 failed or cancelled, 3 waiting for a person, 130 interrupted. The task itself goes on.
 * @throws EngineAway, which is exit code 4, where the engine is away for too long
 */
export async function followTask(following: Following, id: TaskId, options: FollowOptions): Promise<number> {
  const { world, engine, telling } = following;
  const view = createView({ world, engine, screen: telling.people, ...options });
  const absence = watchAbsence(following, id);
  const stop = new AbortController();
  const signal = AbortSignal.any([world.signal, stop.signal, absence.over]);
  const onAway = (isGone: boolean) => {
    if (isGone) view.rest();
    else if (absence.isAway()) view.goOn();
    absence.told(isGone);
  };
  const states = statesTold(engine.news(id, signal, onAway), view);
  try {
    return await followStates({ ...following, absence }, states, view, options);
  } catch (error) {
    // Nobody could be asked for its first state; the task was started all the same.
    throw isAway(error) ? new EngineAway(id, error) : error;
  } finally {
    view.rest();
    stop.abort();
    await states.return(undefined);
  }
}

/** The states; the view hears in between that the agent has printed. */
async function* statesTold(news: AsyncIterable<TaskNews>, view: View): AsyncGenerator<TaskState> {
  for await (const one of news) {
    if (one.type === 'state') yield one.state;
    else view.printed();
  }
}

async function followStates(
  following: FollowingOne,
  states: AsyncIterator<TaskState>,
  view: View,
  { yes }: FollowOptions,
): Promise<number> {
  const { world, telling } = following;
  let last: TaskState | undefined;
  for (let next = states.next(); ; ) {
    const { done, value: state } = await next;
    if (done === true) view.rest();
    if (done === true && world.signal.aborted) return sayInterrupted(telling, last);
    if (done === true)
      throw new PawlError('unavailable', 'the engine stopped telling about the task: try again');
    last = state;
    view.show(state);
    telling.document({ task: state });
    if (isClosed(state.status)) return sayEnd(telling, state);
    next = states.next();
    // Whoever waits for it gets its error; while a person is asked, or when we leave, nobody does.
    next.catch(() => undefined);
    const gate = state.gates.find(({ status }) => status === 'open');
    if (gate === undefined) continue;
    view.rest();
    const decided = await decideGate(following, state, gate, { yes, moved: next });
    if (decided === 'left') return sayWaiting(telling, state, gate);
    if (decided === 'interrupted') return sayInterrupted(telling, state);
  }
}

function sayEnd(telling: Telling, { status, failure, attempts, id }: TaskState): number {
  if (status === 'completed') return EXIT.done;
  if (failure?.output !== undefined) telling.say(`\n${safeText(failure.output).trimEnd()}\n`);
  if (attempts.length > 0)
    telling.say(`  pawl logs ${id} shows what the agent printed, pawl retry ${id} runs it again`);
  return EXIT.failed;
}

function sayWaiting(telling: Telling, { id }: TaskState, gate: Gate): number {
  // An older engine does not say it itself.
  telling.say(`  waits for a person: ${safeLine(gate.next ?? nextAt(id, gate))}`);
  return EXIT.waiting;
}

function sayInterrupted(telling: Telling, state: TaskState | undefined): number {
  if (state !== undefined)
    telling.notice(`task ${state.id} goes on without you: pawl show ${state.id} tells how far it is`);
  return EXIT.interrupted;
}
