/** Every list of a loop has a bound: as many are read, one more is told. */
import { expect, it } from 'vitest';
import { LIMITS } from '../../../src/domain/limits.ts';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const named = <T>(count: number, value: T) =>
  Object.fromEntries(many(count, (index) => [`n${index}`, value]));
const skill = (more: object = {}) => ({ id: 's', agent: 'auto', ...more });
const loopWith = (...skills: readonly object[]) => ({ loop: 'x', phases: [{ id: 'p', skills }] });
const phase = (index: number) => ({ id: `p${index}`, skills: [{ id: `s${index}`, manual: true }] });
const gate = (more: object) => ({
  ...loopWith(skill()),
  phases: [{ id: 'p', skills: [skill()], gates: [{ id: 'g', kind: 'approval', ...more }] }],
});

it.each<[what: string, most: number, make: (count: number) => unknown]>([
  ['phases', LIMITS.phasesPerLoopMax, (count) => ({ loop: 'x', phases: many(count, phase) })],
  [
    'skills of a phase',
    LIMITS.skillsPerPhaseMax,
    (count) => loopWith(...many(count, (index) => ({ id: `s${index}`, manual: true }))),
  ],
  [
    'gates of a phase',
    LIMITS.gatesPerPhaseMax,
    (count) => ({
      loop: 'x',
      phases: [{ id: 'p', gates: many(count, (index) => ({ id: `g${index}`, kind: 'approval' })) }],
    }),
  ],
  ['inputs', LIMITS.inputsPerLoopMax, (count) => ({ ...loopWith(skill()), inputs: named(count, 'string') })],
  [
    'checks',
    LIMITS.checksPerTaskMax,
    (count) => ({ ...loopWith(skill()), checks: many(count, (index) => `check ${index}`) }),
  ],
  ['outputs', LIMITS.outputsPerSkillMax, (count) => loopWith(skill({ returns: named(count, 'string') }))],
  ['values under with', LIMITS.outputsPerSkillMax, (count) => loopWith(skill({ with: named(count, 1) }))],
  [
    'agents',
    LIMITS.agentsPerSkillMax,
    (count) => loopWith(skill({ agent: many(count, (index) => `a${index}`) })),
  ],
  [
    'guides',
    LIMITS.guidesPerSkillMax,
    (count) => loopWith(skill({ guides: many(count, (index) => `g${index}`) })),
  ],
  [
    'guarantees',
    LIMITS.guaranteesMax,
    (count) => loopWith(skill({ guarantees: many(count, () => ({ git: 'branch_pushed' })) })),
  ],
  [
    'items',
    LIMITS.forEachItemsMax,
    (count) => loopWith(skill({ for_each: { in: many(count, String), as: 'i' } })),
  ],
  [
    'items at once',
    LIMITS.forEachItemsMax,
    (count) => loopWith(skill({ for_each: { in: ['a'], as: 'i', at_most: count } })),
  ],
  [
    'rounds',
    LIMITS.repeatsMax,
    (count) => loopWith(skill({ repeat: { most: count, until: { checks: 'all' } } })),
  ],
  [
    'values of an enum',
    LIMITS.enumValuesMax,
    (count) => loopWith(skill({ returns: { a: `enum(${many(count, String).join(', ')})` } })),
  ],
  ['ways back', LIMITS.reworksMax, (count) => gate({ on_reject: { go_to: 'p', most: count } })],
  ['approvers', LIMITS.approversMax, (count) => gate({ by: { count } })],
])('%s: at most %i', (_, most, make) => {
  expect(parseLoop(make(most))).toMatchObject({ ok: true });
  const more = parseLoop(make(most + 1));
  expect(more.ok ? [] : more.faults).toHaveLength(1);
});
