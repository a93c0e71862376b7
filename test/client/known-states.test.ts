/** The states that are known: a read that began before something happened never undoes it. */
import { expect, it } from 'vitest';
import { createKnownStates } from '../../src/client/known-states.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { HAPPY } from '../edge/cli/states.ts';

const state = (note: string, own: Partial<TaskState> = {}): TaskState => ({
  ...HAPPY.working,
  notes: [note],
  ...own,
});
const { id } = HAPPY.working;
const never = () => Promise.reject(new Error('asked'));
const shown = ({ notes, waitingFor }: TaskState) => [...notes, waitingFor];

function world(statesMax?: number) {
  const changed: string[] = [];
  const clock = { now: 0 };
  const states = createKnownStates<TaskState>((one) => changed.push(one), {
    isClosed,
    now: () => clock.now,
    ...(statesMax !== undefined && { statesMax }),
  });
  return { states, changed, clock };
}

it('is what was told, and the same object until something changes', async () => {
  const { states, changed, clock } = world();
  const told = state('told');
  states.told(told);
  expect(await states.read(id, never)).toBe(told);
  clock.now = 5;
  expect(states.ageOf(id)).toBe(5);
  states.waits(id, 'a free agent');
  const waiting = await states.read(id, never);
  expect(shown(waiting)).toEqual(['told', 'a free agent']);
  expect(await states.read(id, never)).toBe(waiting);
  states.waits(id, 'a free agent');
  states.waits(id, undefined);
  expect(await states.read(id, never)).toBe(told);
  expect(changed).toEqual([id, id, id]);
});

it('is asked for once, whoever waits for it', async () => {
  const { states } = world();
  let asked = 0;
  const load = async () => {
    asked += 1;
    return state('asked');
  };
  const [one, other] = await Promise.all([states.read(id, load), states.read(id, load)]);
  expect(one).toBe(other);
  expect(await states.read(id, never)).toBe(one);
  expect(asked).toBe(1);
});

it.each([
  ['told', ['new', undefined], 0],
  ['forgotten', ['old', undefined], 1],
] as const)('what is asked for while it is %s does not stay', async (happens, answer, askedAgain) => {
  const { states } = world();
  const { promise, resolve } = Promise.withResolvers<TaskState>();
  const reading = states.read(id, () => promise);
  if (happens === 'told') states.told(state('new'));
  else states.forget(id);
  resolve(state('old'));
  expect(shown(await reading)).toEqual(answer);
  let asked = 0;
  const again = await states.read(id, async () => {
    asked += 1;
    return state('again');
  });
  expect(asked).toBe(askedAgain);
  expect(again.notes).toEqual([happens === 'told' ? 'new' : 'again']);
});

it('what cannot be asked for is asked for again', async () => {
  const { states } = world();
  await expect(states.read(id, never)).rejects.toThrow('asked');
  expect((await states.read(id, async () => state('there'))).notes).toEqual(['there']);
});

it('keeps those that were used last', async () => {
  const { states } = world(2);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => state(name, { id: name as TaskState['id'] }));
  if (a === undefined || b === undefined || c === undefined) throw new Error('three');
  states.told(a);
  states.told(b);
  await states.read('a', never);
  states.told(c);
  expect(states.ageOf('b')).toBeUndefined();
  expect(await states.read('a', never)).toBe(a);
});

it('a closed task waits for nothing', async () => {
  const { states } = world();
  states.waits(id, 'a free agent');
  states.told(state('over', { status: 'cancelled' }));
  expect(shown(await states.read(id, never))).toEqual(['over', undefined]);
});
