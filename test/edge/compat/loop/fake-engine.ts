/**
 * An engine in memory: the rules of executions without Temporal, for what tools make of them. Of what the engine looks at it
 * sees what the test says.
 */
import { clientOf } from '../../../../src/domain/calls.ts';
import { digestOfText } from '../../../../src/domain/digest.ts';
import type { ExecutionMessageName } from '../../../../src/domain/executions/execution-messages.ts';
import { rowOfExecution } from '../../../../src/domain/executions/execution-rows.ts';
import { isOver } from '../../../../src/domain/executions/execution-state.ts';
import { PawlError } from '../../../../src/domain/failures.ts';
import type { EngineApi, OutputOf } from '../../../../src/domain/operations.ts';
import { localCaller } from '../../../../src/domain/scopes.ts';
import { loopTools } from '../../../../src/edge/compat/loop/toolset.ts';
import type { ToolContext } from '../../../../src/edge/mcp/tool.ts';
import { Driven } from '../../../domain/executions/driven.ts';
import { approval, phase, skill } from '../../../domain/executions/written-loops.ts';

export const DIRECTORY = '/home/ann/shop';

const DOC = { id: 'written', deliverable: 'docs/*' };
/** Each is as small as what it is there for. */
const LOOPS: Readonly<Record<string, readonly object[]>> = {
  plain: [
    phase('first', [skill('spec'), skill('look')], [approval('agreed')]),
    phase('second', [skill('build')]),
  ],
  held: [
    phase('first', [skill('spec', { guarantees: [DOC] })], [approval('agreed', { guarantees: [DOC] })]),
    phase('second', [skill('build')]),
  ],
  typed: [phase('first', [skill('spec', { returns: { risk: 'enum(low, high)' } })])],
  rework: [phase('first', [skill('spec')], [approval('agreed', { on_reject: { go_to: 'first', most: 3 } })])],
  listed: [
    phase('first', [{ id: 'spec', agent: 'auto', for_each: { in: ['a', 'b'], as: 'part', at_most: 2 } }]),
  ],
};

export interface LoopRig {
  // biome-ignore lint/suspicious/noExplicitAny: what tools answer is what the tests look at
  ok(name: string, input?: object, more?: Partial<ToolContext>): Promise<any>;
  /** Begins one and answers its id. */
  start(loopId: string, more?: object): Promise<string>;
  readonly executions: Map<string, Driven>;
  /** Behind the door. */
  readonly handlers: EngineApi;
  /** What reached the engine that changes something. */
  readonly calls: { readonly name: string; readonly input: unknown }[];
  /** Whether what the engine looks at is there. */
  sees: boolean;
}

export function createLoopRig(): LoopRig {
  const executions = new Map<string, Driven>();
  const texts = new Map<string, Buffer>();
  const calls: { name: string; input: unknown }[] = [];
  const of = (id: string): Driven => {
    const found = executions.get(id);
    if (found !== undefined) return found;
    throw new PawlError('not_found', `there is no execution ${id}`);
  };
  const tell =
    (operation: string, name: ExecutionMessageName) =>
    async ({ id, ...message }: { readonly id: string }) => {
      calls.push({ name: operation, input: { id, ...message } });
      const driven = of(id);
      if (isOver(driven.state.status)) throw new PawlError('conflict', `execution is ${driven.state.status}`);
      const guarded = operation === 'steerExecution' && { guarded: true };
      const problem = driven.send(name, { ...message, ...guarded, by: 'ann' });
      if (problem !== undefined) throw new PawlError('conflict', problem);
      // What follows from one look may be looked at as well.
      while (driven.see(() => rig.sees).length > 0);
      return { id, status: driven.state.status, currentPhase: driven.state.currentPhase };
    };
  const handlers = {
    startExecution: async ({ id, loop, ...spec }: { id: string; loop: string; project: string }) => {
      calls.push({ name: 'startExecution', input: { id, loop, ...spec } });
      // Whoever fuzzes names it `constructor`, too.
      const phases = Object.hasOwn(LOOPS, loop) ? LOOPS[loop] : undefined;
      if (phases === undefined) throw new PawlError('not_found', `there is no loop ${loop}`);
      if (executions.has(id)) return { id, created: false };
      executions.set(id, new Driven(phases, { ...spec, id, loopMore: { loop } } as never));
      return { id, created: true };
    },
    executions: async ({ loop, status }: { loop?: string; status?: readonly string[] }) => {
      const rows = [...executions.values()].map((one) => rowOfExecution(one.state)).reverse();
      const chosen = rows.filter(
        (row) => (loop ?? row.loop) === row.loop && (status ?? [row.status]).includes(row.status),
      );
      return { executions: chosen, total: chosen.length };
    },
    execution: async ({ id }: { id: string }) => of(id).state,
    updateExecution: tell('updateExecution', 'update'),
    completeSkill: tell('completeSkill', 'complete'),
    decideGate: tell('decideGate', 'approve_gate'),
    steerExecution: tell('steerExecution', 'steer'),
    upload: async ({ content }: { content: string }) => {
      const bytes = Buffer.from(content, 'base64');
      const digest = digestOfText(bytes.toString('hex'));
      texts.set(digest, bytes);
      return { digest, bytes: bytes.length, address: `pawl://artifacts/${digest}` };
    },
    artifact: async ({ digest }: { digest: string }): Promise<OutputOf<'artifact'>> => {
      const content = texts.get(digest) ?? Buffer.of();
      return { digest, bytes: content.length, content: content.toString('base64'), next: null } as never;
    },
  };
  // The tools call no other operation here; one that did would fail loudly.
  const api = handlers as unknown as EngineApi;
  const engine = clientOf(localCaller('ann'), api);
  const rig: LoopRig = {
    executions,
    handlers: api,
    calls,
    sees: true,
    async ok(name, input = {}, more = {}) {
      const tool = loopTools.find((one) => one.name === name);
      if (tool === undefined) throw new Error(`there is no tool ${name}`);
      const context: ToolContext = {
        directory: DIRECTORY,
        speakFor: () => undefined,
        signal: new AbortController().signal,
        ...more,
      };
      const { structured } = await tool.call(engine, tool.input.parse(input), context);
      return tool.output.parse(structured);
    },
    async start(loopId, more = {}) {
      return (await rig.ok('start_execution', { loopId, project: '.', ...more })).id;
    },
  };
  return rig;
}

/** Whoever runs the adapter lets the client decide. */
export const ALLOWED = { mayDecide: true } as const;
