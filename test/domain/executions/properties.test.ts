/** Whatever is said to whatever loop, in whatever order: what an execution must never do, judged by what its state says. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ExecutionMessageName } from '../../../src/domain/executions/execution-messages.ts';
import type { ExecutionState, GateView, SkillView } from '../../../src/domain/executions/execution-state.ts';
import { settle } from '../../../src/domain/executions/settle.ts';
import { Driven } from './driven.ts';

const CHECKS = [{ name: 'test', run: ['true'] }];
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const GATES = ['g', 'h', 'i'] as const;
const PHASES = ['p', 'q', 'r'] as const;

/** Of three phases with two skills and one gate each, all of them as they come. */
const someSkill = fc.record(
  {
    guarantees: fc.constant([{ id: 'doc', deliverable: 'docs/*' }]),
    writes: fc.constant('none'),
    returns: fc.constant({ n: 'number' }),
    timeout: fc.constant({ total: '1h' }),
    repeat: fc.constant({ most: 2, until: { checks: ['test'] } }),
    for_each: fc.constant({ in: ['x', 'y'], as: 'item', at_most: 2 }),
  },
  { requiredKeys: [] },
);
const someGate = (place: number) =>
  fc
    .record({
      kind: fc.constantFrom('check', 'approval'),
      required: fc.boolean(),
      rework: fc.option(fc.nat({ max: place }), { nil: undefined }),
      count: fc.constantFrom(1, 2),
      looks: fc.boolean(),
    })
    .map(({ kind, required, rework, count, looks }) => ({
      ...{ id: GATES[place], kind, required },
      ...(kind === 'check' && { checks: ['test'] }),
      ...(kind === 'approval' && {
        by: { count },
        ...(looks && { guarantees: [{ id: 'doc', deliverable: 'x' }] }),
      }),
      ...(rework !== undefined && { on_reject: { go_to: PHASES[rework], most: 2 } }),
    }));
const someLoop = fc
  .tuple(fc.array(someSkill, { minLength: 6, maxLength: 6 }), someGate(0), someGate(1), someGate(2))
  .map(([skills, ...gates]) =>
    PHASES.map((id, place) => ({
      id,
      skills: [0, 1].map((one) => ({ id: IDS[place * 2 + one], agent: 'auto', ...skills[place * 2 + one] })),
      gates: [gates[place]],
    })),
  );

const who = fc.constantFrom('ann', 'bob', 'cid');
const decides = fc.constantFrom({}, { mayDecide: false as const });
const said = (body: fc.Arbitrary<object>) =>
  fc.tuple(body, who, decides).map(([one, by, may]) => ({ ...one, by, ...may }));
const skillId = fc.constantFrom(...IDS);
const gateId = fc.constantFrom(...GATES);
const someMessage: fc.Arbitrary<readonly [ExecutionMessageName | 'see' | 'pass' | 'help', object]> = fc.oneof(
  { weight: 8, arbitrary: said(fc.record({ skill: skillId })).map((one) => ['complete', one] as const) },
  {
    weight: 6,
    arbitrary: said(
      fc.record(
        {
          skill: skillId,
          item: fc.constantFrom('x', 'y'),
          outputs: fc.constant({ n: 1 }),
          outcome: fc.constantFrom('completed', 'failed', 'skipped'),
          summary: fc.constantFrom('one', 'two'),
        },
        { requiredKeys: ['skill'] },
      ),
    ).map((one) => ['complete', one] as const),
  },
  {
    weight: 2,
    arbitrary: said(fc.record({ phase: fc.constantFrom(...PHASES) })).map(
      (one) => ['complete', one] as const,
    ),
  },
  {
    weight: 5,
    arbitrary: said(
      fc.record({
        gate: gateId,
        decision: fc.constantFrom('approve', 'approve', 'reject'),
        reason: fc.constant('r'),
      }),
    ).map((one) => ['approve_gate', one] as const),
  },
  {
    weight: 1,
    arbitrary: said(fc.record({ status: fc.constantFrom('paused', 'active', 'active') })).map(
      (one) => ['update', one] as const,
    ),
  },
  {
    weight: 4,
    arbitrary: said(
      fc
        .oneof(
          fc.constant({ act: 'advance' }),
          fc.record({ act: fc.constantFrom('retry', 'reset'), skill: skillId }),
          fc.record({ act: fc.constant('look'), gate: gateId }),
          fc.record({
            ...{ act: fc.constant('resolve'), skill: skillId, guarantee: fc.constant('doc') },
            ...{ type: fc.constant('waived_with_reason'), evidence: fc.constant('e') },
          }),
        )
        .map((steer) => ({ steer })),
    ).map((one) => ['steer', one] as const),
  },
  { weight: 4, arbitrary: fc.record({ passed: fc.boolean() }).map((one) => ['see', one] as const) },
  { weight: 1, arbitrary: fc.constant(['pass', {}] as const) },
  { weight: 40, arbitrary: fc.record({ passed: fc.boolean() }).map((one) => ['help', one] as const) },
);

type Phase = ExecutionState['phases'][number];

/** What must hold of whatever state. */
function expectSound({ phases, status, currentPhase }: ExecutionState): void {
  const at = phases.findIndex(({ id }) => id === currentPhase);
  for (const [place, phase] of phases.entries()) {
    const isPast = place < at || status === 'completed';
    if (isPast) expect(phase.status).toBe('completed');
    if (place > at) expectUntouched(phase);
    for (const gate of phase.gates) expectSoundGate(gate, isPast);
    for (const skill of phase.skills) expectSoundSkill(skill, phase);
  }
}

/** Nothing of what a phase had come to before counts while the work is before it. */
function expectUntouched({ status, skills, gates }: Phase): void {
  expect(status).toBe('pending');
  for (const gate of gates) {
    expect(gate).toMatchObject({ status: 'pending', approvals: [] });
    expect(gate.evidence).toBeUndefined();
  }
  for (const { state, outputs } of skills) expect([state, outputs]).toEqual(['pending', undefined]);
}

/** A gate passes by as many people as it names, or by evidence that the engine has seen. */
function expectSoundGate(
  { status, kind, approvals, needs, evidence, required }: GateView,
  isPast: boolean,
): void {
  if (isPast && required) expect(status).toBe('approved');
  if (status !== 'approved') return;
  if (kind === 'check') expect(evidence).toMatchObject([{ passed: true }]);
  else expect(new Set(approvals.map(({ by }) => by)).size).toBe(needs);
}

function expectSoundSkill(skill: SkillView, { status }: Phase): void {
  const { state, guarantees, outputs, items, returns, isLookedAt, evidence } = skill;
  if (status === 'completed') expect(['completed', 'skipped']).toContain(state);
  if (state !== 'completed' || items !== undefined) return;
  expect(isLookedAt).toBeUndefined();
  if (returns !== undefined) expect(outputs).toEqual({ n: 1 });
  for (const { passed } of evidence ?? []) expect(passed).toBe(true);
  for (const { passed, resolution } of guarantees)
    expect(passed === true || resolution !== undefined).toBe(true);
}

/** Says what brings it on, as things stand. */
function help(it: Driven, passed: boolean): void {
  const phase = it.state.phases.find(({ id }) => id === it.state.currentPhase);
  const gate = phase?.gates.find(({ status }) => status === 'open');
  const skill = phase?.skills.find(({ state }) => state === 'in-progress');
  const item = skill?.items?.find(({ state }) => state === 'in-progress')?.item;
  const outputs = skill?.returns === undefined ? {} : { outputs: { n: 1 } };
  if (gate !== undefined) {
    const decision = passed ? 'approve' : 'reject';
    for (const by of ['ann', 'bob']) it.send('approve_gate', { gate: gate.id, decision, reason: 'r', by });
  } else if (skill !== undefined && skill.isLookedAt !== true) {
    it.send('complete', { skill: skill.id, ...outputs, ...(item !== undefined && { item }) });
  } else it.see(() => passed);
  if (phase?.status === 'completed') it.send('steer', { steer: { act: 'advance' } });
  else it.send('complete', { phase: phase?.id });
  if (it.status === 'blocked') it.send('steer', { steer: { act: 'look', gate: phase?.gates[0]?.id } });
}

it('no gate is passed but by a decision or by evidence, and nothing stale counts', () => {
  const reached = { completed: 0, later: 0, reworks: 0 };
  fc.assert(
    fc.property(
      someLoop,
      fc.constantFrom('full' as const, 'supervised' as const, 'manual' as const),
      fc.array(someMessage, { minLength: 20, maxLength: 80 }),
      (phases, autonomy, messages) => {
        const it = new Driven(phases, { autonomy, checks: CHECKS });
        for (const [name, body] of messages) {
          if (name === 'see') it.see(() => (body as { passed: boolean }).passed);
          else if (name === 'pass') it.pass(1_800_000);
          else if (name === 'help') help(it, (body as { passed: boolean }).passed);
          else if (it.send(name, body) === undefined) expectHarmless(it, name, body);
          expectSound(it.state);
          const before = structuredClone(it.execution.record);
          settle(it.execution, it.at);
          expect(it.execution.record).toEqual(before);
          expect(JSON.parse(JSON.stringify(it.execution.record))).toEqual(before);
        }
        if (it.status === 'completed') reached.completed += 1;
        if (it.state.currentPhase !== 'p') reached.later += 1;
        reached.reworks += it.state.phases
          .flatMap(({ gates }) => gates)
          .filter((one) => one.reworks > 0).length;
      },
    ),
    { numRuns: 60 },
  );
  // The messages do get somewhere: else nothing would have been looked at.
  expect(Math.min(reached.completed, reached.later, reached.reworks)).toBeGreaterThan(5);
});

/** A report or an approval that is made again by the same caller is taken, and changes nothing. */
function expectHarmless(it: Driven, name: ExecutionMessageName, body: object): void {
  const isRepeatable = name === 'update' || (name === 'approve_gate' && Object(body).decision === 'approve');
  if (!isRepeatable) return;
  const before = structuredClone(it.execution.record);
  const why = it.send(name, body);
  // One of several who are to approve is told that they have.
  if (why === undefined) expect(it.execution.record).toEqual(before);
  else expect(why).toMatch(/has approved|is completed|not open/);
}
