/** Every tool on executions, fuzzed from its own schema: it answers in its own form, or refuses in words and changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../../src/domain/failures.ts';
import { loopTools } from '../../../../src/edge/compat/loop/toolset.ts';
import { valid } from '../../http/arbitrary.ts';
import { ALLOWED, createLoopRig, type LoopRig } from './fake-engine.ts';

const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`fuzzed with seed ${seed}; PAWL_SEED=${seed} does it again`);

/** The engine in memory has no files of loops. */
const ON_LOOPS = ['list_loops', 'get_loop', 'create_loop', 'validate_loop'];

const statesOf = (rig: LoopRig) => [...rig.executions.values()].map((one) => structuredClone(one.state));

describe.each(
  loopTools.filter(({ name }) => !ON_LOOPS.includes(name)).map((tool) => [tool.name, tool] as const),
)('%s', (name, { input }) => {
  it('answers or refuses in words', async () => {
    const rig = createLoopRig();
    const known = await Promise.all(
      ['plain', 'held', 'rework', 'listed'].map((loop, at) => rig.start(loop, { id: `x_${at}` })),
    );
    const names = {
      executionId: fc.constantFrom(undefined, ...known),
      id: fc.constantFrom(undefined, ...known),
      loopId: fc.constantFrom(undefined, 'plain', 'held'),
      skillId: fc.constantFrom(undefined, 'spec', 'build'),
      gateId: fc.constantFrom(undefined, 'agreed'),
      guaranteeId: fc.constantFrom(undefined, 'written'),
    };
    await fc.assert(
      fc.asyncProperty(valid(input), fc.record(names), async (args, about) => {
        const own = Object.entries(about).filter(([key, to]) => to !== undefined && key in input.shape);
        const before = statesOf(rig);
        try {
          await rig.ok(name, { ...args, ...Object.fromEntries(own) }, ALLOWED);
        } catch (error) {
          expect(error).toBeInstanceOf(PawlError);
          expect((error as PawlError).message).toMatch(/\S/);
          expect(statesOf(rig)).toEqual(before);
        }
      }),
      { seed, numRuns: 40 },
    );
  });
});
