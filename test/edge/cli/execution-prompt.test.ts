/** An open gate of an execution that somebody follows in a terminal. */
import { describe, expect, it } from 'vitest';
import type { ExecutionState } from '../../../src/domain/executions/execution-state.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import type { EngineApi } from '../../../src/domain/operations.ts';
import type { Question } from '../../../src/edge/cli/world.ts';
import { ID, STATES } from './execution-states.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';
import { HAPPY } from './states.ts';

const GATED = {
  ...STATES.halfApproved,
  phases: STATES.halfApproved.phases.map((phase) => ({
    ...phase,
    gates: phase.gates.map((gate) => ({ ...gate, digest: 'sha256:1' })),
  })),
};

/** Goes on to its end once something is decided. */
function gated(first: ExecutionState, own: Partial<EngineApi> = {}) {
  const decided = Promise.withResolvers<void>();
  const fake: ReturnType<typeof fakeEngine> = fakeEngine(
    { 'plan-1': [HAPPY.waiting, HAPPY.merged] },
    {
      execution: async () => first,
      async *executionStates(_, signal) {
        yield first;
        const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        await Promise.race([decided.promise, left]);
        if (!signal.aborted) yield STATES.completed;
      },
      decideGate: async (input) => {
        fake.calls.push({ name: 'decideGate', input });
        decided.resolve();
        return { id: input.id, status: 'active', currentPhase: 'build' };
      },
      ...own,
    },
  );
  return { fake, decided };
}

function person(...given: readonly (string | undefined)[]) {
  const [left, asked] = [[...given], [] as Question[]];
  const choose = async (question: Question) => {
    asked.push(question);
    return left.shift();
  };
  return { asked, choose, interactive: true };
}
const follow = ({ fake }: ReturnType<typeof gated>, world: object) =>
  pawl(['execution', 'follow', ID], { fake, ...world });
const decisionIn = ({ fake }: ReturnType<typeof gated>) =>
  fake.calls.find(({ name }) => name === 'decideGate')?.input;

describe('a gate', () => {
  it('is asked with what was made, bound to what was shown, and the execution is followed on', async () => {
    const [it, { asked, ...world }] = [gated(GATED), person('approve')];
    const { code, out } = await follow(it, world);
    expect(code).toBe(0);
    expect(asked).toHaveLength(1);
    expect(out).toMatch(/plan +completed.*\n +task plan-1\n +planned\n +risk: low/);
    expect(decisionIn(it)).toEqual({
      ...{ id: ID, gate: 'right', decision: 'approve', digest: 'sha256:1', via: 'cli' },
      messageId: expect.any(String),
    });
  });

  it('is rejected with a reason only', async () => {
    const it = gated(GATED);
    const reasons = [' ', 'too red'];
    await follow(it, { ...person('reject', 'reject'), askText: async () => reasons.shift() });
    expect(decisionIn(it)).toMatchObject({ decision: 'reject', reason: 'too red' });
  });

  it.each([
    ['later', 3, ''],
    [undefined, 130, `pawl show ${ID}`],
  ])('is left: %s', async (choice, code, words) => {
    const left = await follow(gated(GATED), person(choice));
    expect(left).toMatchObject({ code, err: expect.stringContaining(words) });
  });

  it('that somebody else has to decide is followed on, and not asked again', async () => {
    const it: ReturnType<typeof gated> = gated(GATED, {
      decideGate: async () => {
        setTimeout(() => it.decided.resolve());
        throw new PawlError('conflict', 'gate right is decided by somebody else');
      },
    });
    const { asked, ...world } = person('approve', 'approve');
    expect(await follow(it, world)).toMatchObject({
      code: 0,
      err: expect.stringContaining('not counted: gate'),
    });
    expect(asked).toHaveLength(1);
  });

  it('is left to others without a terminal, and where a program reads', async () => {
    const [it, { asked, ...world }] = [gated(GATED), person('approve')];
    expect(await follow(it, { ...world, interactive: false })).toMatchObject({ code: 3 });
    expect(asked).toEqual([]);
  });
});

it('the gate of a task that does a skill is asked as it is where the task is followed', async () => {
  const it = gated(STATES.asking);
  const { asked, choose, ...world } = person('approve');
  const { code, out } = await follow(it, {
    ...world,
    choose: async (question: Question) => {
      setTimeout(() => it.decided.resolve());
      return choose(question);
    },
  });
  expect(code).toBe(0);
  expect(asked.map(({ message }) => message)).toEqual(['Merge this change?']);
  expect(out).toContain('pull request');
  expect(it.fake.calls).toContainEqual({ name: 'approve', input: expect.objectContaining({ id: 'plan-1' }) });
});
