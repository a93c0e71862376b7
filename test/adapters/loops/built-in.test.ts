/** The loops that Pawl brings: they load as they are, and have the phases and gates that they are known by. */
import { describe, expect, it } from 'vitest';
import { createLoops } from '../../../src/adapters/loops/find-loops.ts';
import type { LoopDefinition } from '../../../src/domain/loops/definition.ts';
import { newRepository } from '../scratch-repository.ts';
import { at, faultsOf, found, homeWith } from './sources-rig.ts';

async function builtIn(id: string): Promise<LoopDefinition> {
  const loop = (await createLoops(homeWith(), undefined).all()).find((one) => one.id === id);
  if (loop?.read.ok !== true) throw new Error(JSON.stringify(loop?.read));
  return loop.read.loop;
}
const phasesOf = ({ phases }: LoopDefinition) =>
  phases.map(({ id, skills }) => `${id}[${skills.map((skill) => skill.id).join(',')}]`).join(' ');
const gatesOf = ({ phases }: LoopDefinition) =>
  phases.flatMap(({ id, gates }) =>
    gates.map((gate) => `${gate.id}@${id} ${gate.kind}${gate.required ? '' : ' optional'}`),
  );

it('engineering', async () => {
  const loop = await builtIn('engineering');
  expect(phasesOf(loop)).toBe(
    'init[entry-portal,requirements,spec] scaffold[architect,scaffold] implement[implement] test[test-generation] verify[code-verification] validate[code-validation,security-audit] document[document] review[code-review] ship[deploy,distribute] complete[retrospective]',
  );
  expect(gatesOf(loop)).toEqual([
    'spec@init approval',
    'architecture@scaffold approval',
    'verification@verify check',
    'validation@validate approval',
    'review@review approval',
    'deploy@ship approval optional',
  ]);
});

it('bugfix', async () => {
  const loop = await builtIn('bugfix');
  expect(phasesOf(loop)).toBe(
    'init[bug-reproducer] scaffold[debug-assist,root-cause-analysis] implement[implement] test[test-generation] verify[code-verification] review[code-review] complete[deliver,retrospective]',
  );
  expect(gatesOf(loop)).toEqual([
    'repro@init approval',
    'diagnosis@scaffold approval',
    'verification@verify check',
    'review@review approval',
  ]);
});

it('feature and review', async () => {
  expect(gatesOf(await builtIn('feature'))).toEqual(['plan-is-right@plan approval', 'reviewed@review check']);
  const { phases } = await builtIn('review');
  // It reads and says; nothing is written or delivered.
  expect(phases.flatMap(({ skills }) => skills.map(({ writes }) => writes))).toEqual(['none', 'none']);
});

describe.each(['engineering', 'bugfix', 'feature', 'review'])('%s', (id) => {
  it('names no check and no agent that a repository would have to have', async () => {
    expect(faultsOf(await found(homeWith(), at(newRepository()), id))).toEqual([]);
  });

  it('bounds what it spends, and each way back', async () => {
    const { budget, phases, title, description } = await builtIn(id);
    expect(Object.keys(budget ?? {}).sort()).toEqual(['attempts', 'usd', 'wall']);
    expect([title, description]).not.toContain(undefined);
    for (const { by, brief, title: named } of phases.flatMap(({ skills }) => skills)) {
      if (by.kind === 'agent') expect(brief, named).toBeDefined();
    }
  });
});
