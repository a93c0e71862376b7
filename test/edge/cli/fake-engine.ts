/** An engine that answers the CLI from states that were written down, and remembers what it was asked. */

import { clientOf } from '../../../src/domain/calls.ts';
import type { Vitals } from '../../../src/domain/engine-vitals.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import type { EngineApi, EngineClient, InputOf, OperationName } from '../../../src/domain/operations.ts';
import { localCaller } from '../../../src/domain/scopes.ts';
import { Policy } from '../../../src/domain/task-spec.ts';
import { isClosed, type TaskState } from '../../../src/domain/task-state.ts';
import { checkedLoop, LOOP_ROWS, shownLoop } from './fake-loops.ts';
import { COMMIT } from './states.ts';

export interface Call {
  readonly name: OperationName;
  readonly input: unknown;
}

export interface FakeEngine extends EngineApi {
  readonly calls: Call[];
  /** The states of each task; the first is the present one. A decision moves on. */
  readonly tasks: Map<string, TaskState[]>;
}

const DIGEST = `sha256:${'a'.repeat(64)}`;
const TOKEN_ROW = { name: 'ci', scope: 'read', createdAt: '2026-01-02T03:04:05.000Z' } as const;

/** Each task goes through its states; one that has an open gate waits for a decision. */
export function fakeEngine(
  tasks: Readonly<Record<string, readonly TaskState[]>> = {},
  own: Partial<EngineApi> = {},
): FakeEngine {
  const known = new Map(
    Object.entries(tasks).map(([id, states]) => [
      id,
      states.map((one) => ({ ...one, id: TaskId.parse(id) })),
    ]),
  );
  const calls: Call[] = [];
  const moved = new EventTarget();
  const present = (id: string): TaskState => {
    const found = known.get(id)?.[0];
    if (found === undefined)
      throw new PawlError('not_found', `there is no task ${id}: \`pawl list\` shows those there are`);
    return found;
  };
  const moveOn = (id: string) => {
    known.get(id)?.shift();
    moved.dispatchEvent(new Event('moved'));
  };
  const noted =
    <I, O>(name: OperationName, act: (input: I) => O | Promise<O>) =>
    async (input: I) => {
      calls.push({ name, input });
      return act(input);
    };
  const status = (id: TaskId) => ({ id, status: present(id).status });
  const decided = ({ id }: { id: TaskId }) => {
    moveOn(id);
    return status(id);
  };
  const engine: EngineApi = {
    run: ({ id }) => {
      const created = !known.has(id);
      if (created)
        known.set(
          id,
          [...(known.get('new') ?? [])].map((one) => ({ ...one, id })),
        );
      return Promise.resolve({ id, created });
    },
    preview: async ({ repository, policy }) => ({
      ...{ repository, base: 'main', baseCommit: COMMIT, agent: 'claude', setup: null, forge: 'local' },
      ...{ checks: [{ name: 'test', run: ['npm', 'test'] }], policy: Policy.parse(policy ?? {}) },
      costUsdMax: null,
    }),
    create: async ({ id }) => ({ id, created: true }),
    list: async () => ({
      tasks: [...known.values()].flatMap(([one]) =>
        one === undefined
          ? []
          : [
              {
                id: one.id,
                title: one.title,
                status: one.status,
                kind: one.kind,
                startedAt: '2026-01-02T03:04:05.000Z',
              },
            ],
      ),
      total: known.size,
    }),
    claim: async ({ id }) => ({ ...status(id), attemptToken: 'token' }),
    archive: async ({ id }) => ({ ...status(id), archivedAt: '2026-01-02T03:04:05.000Z' }),
    remove: async ({ id }) => ({ id, removed: true, before: { title: 'Fix', status: 'completed' } }),
    upload: async ({ name }) => ({
      digest: DIGEST,
      bytes: 2,
      address: `pawl://artifacts/${DIGEST}?name=${name}`,
    }),
    artifact: async ({ digest }) => ({ digest, bytes: 2, content: 'aGk=', next: null }),
    open: async ({ directory }) => ({
      id: 'session-0123456789abcdef',
      directory,
      createdAt: '2026-01-02T03:04:05.000Z',
      created: true,
    }),
    sessions: async () => ({ sessions: [] }),
    ...EXECUTIONS,
    vitals: async () => VITALS,
    restart: async ({ reason }) => ({
      number: 1,
      reason,
      phase: 'stopping',
      requestedAt: '2026-01-02T03:04:05.000Z',
    }),
    createToken: async ({ name, scope }) => ({ ...TOKEN_ROW, name, scope, token: 'pawl_made.once' }),
    dashboard: async ({ scope = 'approve' }) => ({
      code: 'a-code',
      url: 'http://127.0.0.1:8100/#code=a-code',
      scope,
      expiresAt: '2026-01-02T03:14:05.000Z',
    }),
    loops: async () => ({ loops: LOOP_ROWS }),
    loop: async ({ loop }) => shownLoop(loop),
    checkLoop: async ({ text, file }) => checkedLoop(text, file),
    tokens: async () => ({ tokens: [TOKEN_ROW] }),
    revokeToken: async ({ name }) => ({ ...TOKEN_ROW, name, revokedAt: TOKEN_ROW.createdAt }),
    forget: async ({ session }) => ({ session, forgotten: true, before: { directory: '/home/ann/shop' } }),
    count: async () => ({ total: 0, byStatus: COUNTS, bySpecialist: {} }),
    show: async ({ id }) => present(id),
    update: async ({ id }) => status(id),
    complete: async ({ id }) => ({ id, status: 'completed' }),
    gates: async () => ({
      gates: [...known.values()].flatMap(([one]) =>
        (one?.gates ?? [])
          .filter((gate) => gate.status === 'open')
          .map((gate) => ({ id: (one as TaskState).id, title: 'Fix', gate })),
      ),
    }),
    approve: async (input) => decided(input),
    reject: async (input) => decided(input),
    tell: async ({ id }) => status(id),
    retry: async ({ id }) => ({ id, created: isClosed(present(id).status) }),
    cancel: async ({ id }) => ({ id, status: 'cancelled' }),
    diff: async ({ id }) => ({ id, commit: COMMIT, patch: 'diff --git a/x b/x\n+\u001b[31mred\n' }),
    logs: async ({ offset }) => ({
      lines:
        offset > 0
          ? []
          : [{ t: '2026-01-02T03:04:05.000Z', attempt: 1, type: 'log', text: 'hello \u001b[2Jworld' }],
      attempt: 1,
      offset: 10,
    }),
    async *news(id, signal) {
      for (;;) {
        const now = present(id);
        yield told(now);
        if (isClosed(now.status)) return;
        if (now.gates.some((gate) => gate.status === 'open')) await eventOrAbort(moved, signal);
        else moveOn(id);
        if (signal.aborted) return;
      }
    },
    async *executionStates() {
      // Nothing happens to executions here.
    },
    async *events(_, signal) {
      yield { number: '00:1', event: { type: 'snapshot', rows: [], executions: [] } };
      await eventOrAbort(moved, signal);
    },
    ...own,
  };
  const wrapped = Object.entries(engine).map(([name, act]) => [
    name,
    STREAMS.includes(name) ? act : noted(name as OperationName, act as (input: unknown) => Promise<unknown>),
  ]);
  return { ...(Object.fromEntries(wrapped) as EngineApi), calls, tasks: known };
}

/** What an engine tells by itself is no call. */
const STREAMS: readonly string[] = ['news', 'executionStates', 'events'];

/** A state as it is told. */
export const told = (state: TaskState) => ({ type: 'state', state }) as const;
/** As an edge of the local user asks it. */
export const asked = (engine: EngineApi): EngineClient => clientOf(localCaller('ann'), engine);

const COUNTS = {
  pending: 0,
  blocked: 0,
  in_progress: 1,
  awaiting_gate: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
};

export const VITALS: Vitals = {
  version: '1',
  pid: 1,
  startedAt: '2026-01-02T03:04:05.000Z',
  uptimeSeconds: 1,
  healthy: true,
  stopping: false,
  warnings: [],
  temporal: { address: '127.0.0.1:7233', reachable: true },
  database: { reachable: true, readMs: 1 },
  worker: { state: 'running', polling: 1 },
  failing: [],
  connections: 1,
  clients: 1,
  tasks: COUNTS,
  calls: { count: 0, p50Ms: null, p95Ms: null, errors: [] },
  memoryBytes: 1,
  cpuSeconds: 1,
  restarts: [],
};

const eventOrAbort = (target: EventTarget, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    target.addEventListener('moved', () => resolve(), { once: true });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const noExecution = async ({ id }: { readonly id: string }): Promise<never> => {
  throw new PawlError('not_found', `there is no execution ${id}`);
};
const EXECUTIONS = {
  startExecution: async ({ id }: InputOf<'startExecution'>) => ({ id, created: true }),
  executions: async () => ({ executions: [], total: 0 }),
  execution: noExecution,
  updateExecution: noExecution,
  completeSkill: noExecution,
  decideGate: noExecution,
  steerExecution: noExecution,
};
