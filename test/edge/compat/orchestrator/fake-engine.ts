/**
 * An engine in memory: the rules of tasks without Temporal, for what tools make of them. One client speaks for one
 * directory; what it calls is told by name, and what it is refused is thrown.
 */

import { clientOf } from '../../../../src/domain/calls.ts';
import { digestOfText } from '../../../../src/domain/digest.ts';
import { PawlError } from '../../../../src/domain/failures.ts';
import { TaskId } from '../../../../src/domain/ids.ts';
import {
  applyClaim,
  applyComplete,
  applyEnded,
  applyUpdate,
  move,
  phaseOf,
  problemWithClaim,
  problemWithComplete,
  problemWithUpdate,
} from '../../../../src/domain/lifecycle.ts';
import type { CallOf, EngineApi } from '../../../../src/domain/operations.ts';
import { dependenciesOf } from '../../../../src/domain/plan.ts';
import { countRows, rowOfState, selectRows, type TaskRow } from '../../../../src/domain/rows.ts';
import { localCaller } from '../../../../src/domain/scopes.ts';
import { sessionIdOf, tallySessions } from '../../../../src/domain/session.ts';
import { EDITION, type TaskRecord, viewOf } from '../../../../src/domain/task-record.ts';
import { isClosed } from '../../../../src/domain/task-state.ts';
import { orchestratorTools } from '../../../../src/edge/compat/orchestrator/toolset.ts';
import type { ToolContext } from '../../../../src/edge/mcp/tool.ts';
import { daysAgo } from './rows.ts';

export const DIRECTORY = '/home/ann/shop';
const SESSION = { id: sessionIdOf(DIRECTORY), directory: DIRECTORY, createdAt: daysAgo(400) };
const VITALS = {
  database: { reachable: true },
  temporal: { reachable: true },
  worker: { state: 'running' },
};

export interface ToolRig {
  // biome-ignore lint/suspicious/noExplicitAny: what tools answer is what the tests look at
  ok(name: string, input?: Record<string, unknown>): Promise<any>;
  /** A task of the session, planned a minute after the one before. */
  plan(id: string, more?: Partial<CallOf<'create'>>): string;
  /** Everything that is there. */
  state(): unknown;
  /** Behind the door. */
  readonly handlers: EngineApi;
  readonly texts: Map<string, Buffer>;
}

export function createToolRig(): ToolRig {
  const records = new Map<string, TaskRecord>();
  const times = new Map<string, string>();
  const archived = new Map<string, string>();
  const texts = new Map<string, Buffer>();

  const recordOf = (id: string): TaskRecord => {
    const found = records.get(id);
    if (found !== undefined) return found;
    throw new PawlError('not_found', `there is no task ${id}`);
  };
  const rowOf = (record: TaskRecord): TaskRow => {
    const archivedAt = archived.get(record.id);
    const row = rowOfState(viewOf(record), times.get(record.id) ?? daysAgo(0));
    return archivedAt === undefined ? row : { ...row, archivedAt };
  };
  const rows = () => [...records.values()].map(rowOf);
  const refuse = (problem: string | undefined): void => {
    if (problem !== undefined) throw new PawlError('conflict', problem);
  };
  const acknowledged = ({ id, phase }: TaskRecord) => ({ id, status: phase.status });
  const end = (record: TaskRecord) => {
    const { status } = record.phase;
    record.changedAt = daysAgo(0);
    if (status !== 'completed' && status !== 'failed' && status !== 'cancelled') return;
    for (const other of records.values()) applyEnded(other, record.id, status);
  };

  const calls: Partial<EngineApi> = {
    open: async ({ directory }) => {
      return { ...SESSION, id: sessionIdOf(directory), directory, created: false };
    },
    create: async ({ id, title, description, context, ...plan }) => {
      const named = plan.dependencies ?? [];
      const done = named.filter((one) => records.get(one)?.phase.status === 'completed');
      for (const one of named) {
        const record = recordOf(one);
        record.dependants = [...(record.dependants ?? []), id];
      }
      const waitsFor = dependenciesOf(plan, done);
      times.set(id, new Date(Date.parse(daysAgo(9)) + records.size * 60_000).toISOString());
      records.set(id, {
        id,
        edition: EDITION,
        kind: 'client_driven',
        phase: phaseOf(waitsFor),
        title,
        description,
        ...(context === undefined ? {} : { context }),
        plan,
        notes: [],
        artifacts: [],
        seen: [],
        ignoredMessages: 0,
        waitsFor,
      });
      return { id, created: true };
    },
    list: async (filter) => selectRows(rows(), filter),
    count: async ({ session }) => countRows(rows(), session),
    show: async ({ id }) => viewOf(recordOf(id)),
    update: async ({ id, ...message }) => {
      const record = recordOf(id);
      refuse(problemWithUpdate(record, message));
      applyUpdate(record, message);
      record.changedAt = daysAgo(0);
      return acknowledged(record);
    },
    claim: async ({ id, ...message }) => {
      const record = recordOf(id);
      refuse(problemWithClaim(record));
      const token = `token ${(record.claims?.count ?? 0) + 1}`;
      applyClaim(record, { ...message, by: 'ann' }, token);
      const { count: claim, takenFrom } = { takenFrom: undefined, count: 0, ...record.claims };
      return { ...acknowledged(record), attemptToken: token, claim, ...(takenFrom && { takenFrom }) };
    },
    complete: async ({ id, ...message }) => {
      const record = recordOf(id);
      refuse(problemWithComplete(record, message));
      applyComplete(record, message, 'update', new Date().toISOString());
      end(record);
      return acknowledged(record);
    },
    cancel: async ({ id }) => {
      const record = recordOf(id);
      const { status } = record.phase;
      if (status === 'completed' || status === 'failed') refuse(`task is ${status}`);
      move(record, { status: 'cancelled' });
      end(record);
      return acknowledged(record);
    },
    archive: async ({ id }) => {
      const record = recordOf(id);
      if (!isClosed(record.phase.status)) refuse(`task ${id} is ${record.phase.status}`);
      archived.set(id, daysAgo(0));
      return { ...acknowledged(record), archivedAt: daysAgo(0) };
    },
    remove: async ({ id }) => {
      const { title, phase } = recordOf(id);
      if (!isClosed(phase.status)) refuse(`task ${id} is not over`);
      records.delete(id);
      return { id, removed: true as const, before: { title, status: phase.status } };
    },
    artifact: async ({ digest, offset }) => {
      const content = texts.get(digest);
      if (content === undefined) throw new PawlError('not_found', `there is no artifact ${digest}`);
      const rest = content.subarray(offset).toString('base64');
      return { digest, bytes: content.length, content: rest, next: null };
    },
    sessions: async () => ({ sessions: tallySessions([SESSION], rows()) }),
    // biome-ignore lint/suspicious/noExplicitAny: of the engine itself tools show parts, which are not of interest here
    vitals: async () => VITALS as any,
  };

  // The tools call no other operation; one that did would fail loudly.
  const engine = clientOf(localCaller('ann'), calls as EngineApi);
  const context: ToolContext = {
    directory: DIRECTORY,
    speakFor: () => undefined,
    signal: new AbortController().signal,
  };
  return {
    handlers: calls as EngineApi,
    texts,
    async ok(name, input = {}) {
      const tool = orchestratorTools.find((one) => one.name === `orchestrator_${name}`);
      if (tool === undefined) throw new Error(`there is no tool ${name}`);
      const { structured } = await tool.call(engine, tool.input.parse(input), context);
      return tool.output.parse(structured);
    },
    plan(id, more = {}) {
      void calls.create?.({
        id: TaskId.parse(id),
        title: `Do ${id}`,
        description: '',
        session: SESSION.id,
        ...more,
      } as never);
      return id;
    },
    state: () => structuredClone({ records: [...records], archived: [...archived] }),
  };
}

export function artifactOf(rig: ToolRig, content: string | Buffer): string {
  const bytes = Buffer.from(content);
  const digest = digestOfText(bytes.toString('hex'));
  rig.texts.set(digest, bytes);
  return `pawl://artifacts/${digest}?type=code&bytes=${bytes.length}`;
}
