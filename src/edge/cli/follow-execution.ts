/** Follows an execution to its end, or to what only a person can do: in a terminal they are asked, as far as it can be asked here. */
import type { ExecutionState } from '../../domain/executions/execution-state.ts';
import { isOver } from '../../domain/executions/execution-state.ts';
import { PawlError } from '../../domain/failures.ts';
import type { ExecutionId } from '../../domain/ids.ts';
import { EngineAway, isAway, watchAbsence } from './absence.ts';
import { askingLines, byHandLines, isMoving } from './execution-next.ts';
import { decideHere } from './execution-prompt.ts';
import { doingIn, executionStory } from './execution-story.ts';
import { EXIT } from './exit.ts';
import type { Following, FollowingOne } from './following.ts';
import { renderLine } from './render.ts';
import { createSign, type Doing } from './sign.ts';

/**
 * The exit code: 0 completed, 1 failed or aborted, 3 waiting for a person where nobody sits in front of it or they left a decision
 * for later, 130 interrupted. The execution itself goes on.
 * @throws EngineAway, which is exit code 4, where the engine is away for too long
 */
export async function followExecution(following: Following, id: ExecutionId): Promise<number> {
  const { world, engine, telling } = following;
  const view = createView(following);
  const absence = watchAbsence(following, id);
  const stop = new AbortController();
  const signal = AbortSignal.any([world.signal, stop.signal, absence.over]);
  const states = engine.executionStates(id, signal, absence.told)[Symbol.asyncIterator]();
  let code: number | undefined;
  try {
    code = await followStates({ ...following, absence }, states, view);
  } catch (error) {
    throw isAway(error) ? new EngineAway(id, error) : error;
  } finally {
    view.rest();
    stop.abort();
    await states.return?.(undefined);
  }
  if (code === undefined && absence.over.aborted) throw new EngineAway(id);
  if (code === undefined && !world.signal.aborted)
    throw new PawlError('unavailable', 'the engine stopped telling about the execution: try again');
  if (code !== undefined && code !== EXIT.interrupted) return code;
  telling.notice(`execution ${id} goes on without you: pawl show ${id} tells how far it is`);
  return EXIT.interrupted;
}

/** undefined where nothing more is told. */
async function followStates(
  following: FollowingOne,
  states: AsyncIterator<ExecutionState>,
  view: View,
): Promise<number | undefined> {
  const { world, telling } = following;
  const asked = new Set<string>();
  for (let next = states.next(); ; ) {
    const { done, value: state } = await next;
    if (done === true) return undefined;
    view.show(state);
    telling.document({ execution: state });
    if (isOver(state.status)) return state.status === 'completed' ? EXIT.done : EXIT.failed;
    if (!world.interactive && !isMoving(state)) return EXIT.waiting;
    next = states.next();
    // Whoever waits for it gets its error; while a person is asked, or when we leave, nobody does.
    next.catch(() => undefined);
    const decided = await decideHere(following, state, { asked, moved: next, rest: view.rest });
    if (decided === 'left') return EXIT.waiting;
    if (decided === 'interrupted') return EXIT.interrupted;
  }
}

interface View {
  show(state: ExecutionState): void;
  /** Nothing moves on the screen until the next state. */
  rest(): void;
}

/** Tells each thing once. */
function createView({ world, telling }: Following): View {
  const { people } = telling;
  const sign = createSign({ world, screen: people });
  const told = new Set<string>();
  let doing: Doing | undefined;
  let said = '';
  return {
    show(state) {
      sign.rest();
      for (const line of executionStory(state).filter(({ key }) => !told.has(key))) {
        told.add(line.key);
        people.write(`${renderLine(line, people)}\n`);
      }
      const byHand = isMoving(state) ? [] : byHandLines(state);
      const next = [...byHand, ...askingLines(state)].join('\n').trim();
      if (next !== '' && next !== said) telling.say(`\n${next}\n`);
      said = next;
      doing = doingIn(state, world, doing);
      if (doing !== undefined) sign.start(doing);
    },
    rest: () => sign.rest(),
  };
}
