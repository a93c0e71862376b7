/** An execution driven by its messages alone, as its workflow drives it, with a clock of the test's own. */
import { expect } from 'vitest';
import { statusOf } from '../../../src/domain/executions/blocked.ts';
import { nextDeadline } from '../../../src/domain/executions/deadlines.ts';
import { applyDecision, problemWithDecision } from '../../../src/domain/executions/decide-gate.ts';
import {
  EXECUTION_MESSAGES,
  type ExecutionMessageName,
} from '../../../src/domain/executions/execution-messages.ts';
import { type Execution, type Found, newRecord } from '../../../src/domain/executions/execution-record.ts';
import type { ExecutionSpec } from '../../../src/domain/executions/execution-spec.ts';
import {
  ExecutionState,
  type GateView,
  type SkillView,
} from '../../../src/domain/executions/execution-state.ts';
import { viewOf } from '../../../src/domain/executions/execution-view.ts';
import { applyBlindLook, applyLook, type Look, looksDue } from '../../../src/domain/executions/looks.ts';
import { applyComplete, problemWithComplete } from '../../../src/domain/executions/report-skill.ts';
import { settle } from '../../../src/domain/executions/settle.ts';
import {
  applySteer,
  applyUpdate,
  problemWithSteer,
  problemWithUpdate,
} from '../../../src/domain/executions/steer.ts';
import { ExecutionId } from '../../../src/domain/ids.ts';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';

const RULES = {
  update: [problemWithUpdate, applyUpdate],
  complete: [problemWithComplete, applyComplete],
  approve_gate: [problemWithDecision, applyDecision],
  steer: [problemWithSteer, applySteer],
} as const;
type AnyRule = readonly [
  problem: (execution: Execution, message: unknown) => string | undefined,
  apply: (execution: Execution, message: unknown, sent: { via: string; now: string }) => void,
];

export class Driven {
  readonly execution: Execution;
  now = Date.parse('2026-01-01T00:00:00.000Z');

  constructor(phases: readonly object[], more: Partial<ExecutionSpec> & { readonly loopMore?: object } = {}) {
    const { loopMore, ...given } = more;
    const read = parseLoop({ loop: 'x', phases, ...loopMore });
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const spec: ExecutionSpec = {
      id: ExecutionId.parse('x_test'),
      title: 'Test',
      loop: read.loop,
      digest: 'sha256:0',
      source: { source: 'home', file: 'x.yaml' },
      inputs: {},
      requester: 'ann',
      project: '/repo',
      baseCommit: '0'.repeat(40),
      autonomy: 'full',
      checks: [],
      host: 'host',
      startedAt: new Date(this.now).toISOString(),
      ...given,
    };
    this.execution = { spec, record: newRecord(spec) };
    this.settle();
  }

  get at(): string {
    return new Date(this.now).toISOString();
  }

  settle(): void {
    settle(this.execution, this.at);
  }

  /** Lets time pass, with what falls due on the way. */
  pass(ms: number): void {
    const until = this.now + ms;
    for (let due = nextDeadline(this.execution); due !== undefined; due = nextDeadline(this.execution)) {
      if (Date.parse(due) > until) break;
      this.now = Math.max(this.now, Date.parse(due));
      this.settle();
    }
    this.now = until;
    this.settle();
  }

  /** @returns why it was refused; then nothing has changed */
  send(name: ExecutionMessageName, body: object): string | undefined {
    const message = EXECUTION_MESSAGES[name].parse({ by: 'bob', ...body });
    const [problem, apply] = RULES[name] as unknown as AnyRule;
    const before = structuredClone(this.execution.record);
    const why = problem(this.execution, message);
    if (why === undefined) {
      apply(this.execution, message, { via: 'client', now: this.at });
      this.settle();
    } else expect(this.execution.record).toEqual(before);
    return why;
  }

  /** The same, which has to be taken. */
  do(name: ExecutionMessageName, body: object): this {
    expect(this.send(name, body)).toBeUndefined();
    return this;
  }

  done(id: string, outputs?: object): this {
    return this.do('complete', { skill: id, ...(outputs !== undefined && { outputs }) });
  }

  decide(gate: string, decision: 'approve' | 'reject', more: object = {}): this {
    return this.do('approve_gate', {
      gate,
      decision,
      ...(decision === 'reject' && { reason: 'not so' }),
      ...more,
    });
  }

  /** The engine looks at all that is due, and sees this. */
  see(passed: (id: string, look: Look) => boolean, commit = 'c1'): readonly Look[] {
    const looks = looksDue(this.execution);
    for (const look of looks) {
      const guarantees = look.guarantees.map(
        ({ id }): Found => ({
          id,
          passed: passed(id, look),
          errors: passed(id, look) ? [] : ['not there'],
          commit,
        }),
      );
      const evidence = look.checks.map(({ name, run: command }) => ({
        ...{ name, command, commit, exitCode: passed(name, look) ? 0 : 1, passed: passed(name, look) },
        ...{ durationMs: 1, output: 'sha256:0', tail: 'the output' },
      }));
      applyLook(this.execution, look, { commit, guarantees, evidence });
    }
    this.settle();
    return looks;
  }

  seeNothing(why: string): void {
    for (const look of looksDue(this.execution)) applyBlindLook(this.execution, look, why, this.at);
    this.settle();
  }

  get state(): ExecutionState {
    return ExecutionState.parse(viewOf(this.execution));
  }

  get status(): string {
    return statusOf(this.execution);
  }

  skill(id: string): SkillView {
    const found = this.state.phases.flatMap(({ skills }) => skills).find((one) => one.id === id);
    if (found === undefined) throw new Error(`no skill ${id}`);
    return found;
  }

  gate(id: string): GateView {
    const found = this.state.phases.flatMap(({ gates }) => gates).find((one) => one.id === id);
    if (found === undefined) throw new Error(`no gate ${id}`);
    return found;
  }
}
