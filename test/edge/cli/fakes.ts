/** An engine and a world of plain objects: the real program runs in them, in this process. */

import type { Vitals } from '../../../src/domain/engine-vitals.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import type { EngineApi, OperationName } from '../../../src/domain/operations.ts';
import { isClosed, type TaskState } from '../../../src/domain/task-state.ts';
import { runCli } from '../../../src/edge/cli/program.ts';
import type { CliWorld, Endpoints, Screen } from '../../../src/edge/cli/world.ts';
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
    remove: async ({ id }) => ({ id, removed: true }),
    artifact: async ({ digest }) => ({ digest, bytes: 2, content: 'aGk=', next: null }),
    open: async ({ directory }) => ({
      id: 'session-0123456789abcdef',
      directory,
      createdAt: '2026-01-02T03:04:05.000Z',
      created: true,
    }),
    sessions: async () => ({ sessions: [] }),
    vitals: async () => VITALS,
    restart: async ({ reason }) => ({
      number: 1,
      reason,
      phase: 'stopping',
      requestedAt: '2026-01-02T03:04:05.000Z',
    }),
    answer: async ({ answer = null }) => ({ answer }),
    forget: async ({ session }) => ({ session, forgotten: true }),
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
    async *follow(id, signal) {
      for (;;) {
        const now = present(id);
        yield now;
        if (isClosed(now.status)) return;
        if (now.gates.some((gate) => gate.status === 'open')) await eventOrAbort(moved, signal);
        else moveOn(id);
        if (signal.aborted) return;
      }
    },
    ...own,
  };
  const wrapped = Object.entries(engine).map(([name, act]) => [
    name,
    name === 'follow' ? act : noted(name as OperationName, act as (input: unknown) => Promise<unknown>),
  ]);
  return { ...(Object.fromEntries(wrapped) as EngineApi), calls, tasks: known };
}

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

export const ENDPOINTS: Endpoints = {
  api: 'http://127.0.0.1:8100',
  temporal: '127.0.0.1:7233',
  ui: 'http://127.0.0.1:8233',
  pid: 4711,
};

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What stdout holds, one JSON document a line. */
  readonly documents: readonly unknown[];
}

/** Runs one command line in a world that `parts` change. */
export async function pawl(
  args: readonly string[],
  parts: Partial<CliWorld> & { readonly fake?: FakeEngine } = {},
): Promise<Ran> {
  const written = { out: '', err: '' };
  const world = worldOf(parts, (name, text) => {
    written[name] += text;
  });
  const code = await runCli(args, world);
  const { out, err } = written;
  const lines = args.includes('--json') ? out.split('\n').filter((line) => line !== '') : [];
  return { code, out, err, documents: lines.map((line): unknown => JSON.parse(line)) };
}

/** A world in which nothing is real, changed by `parts`. */
export function worldOf(
  parts: Partial<CliWorld> & { readonly fake?: FakeEngine } = {},
  write: (name: 'out' | 'err', text: string) => void = () => undefined,
): CliWorld {
  const screen = (name: 'out' | 'err'): Screen => ({
    write: (text) => write(name, Buffer.from(text).toString('utf8')),
    columns: 120,
    colours: false,
  });
  const { fake = fakeEngine(), ...own } = parts;
  return {
    version: '1.2.3',
    cwd: '/home/ann/shop',
    user: 'ann',
    out: screen('out'),
    err: screen('err'),
    interactive: false,
    signal: new AbortController().signal,
    now: () => 0,
    sleep: async () => undefined,
    newSuffix: () => '7f3k',
    readInput: async () => 'from stdin',
    engine: async () => fake,
    background: async () => ({ endpoints: ENDPOINTS, started: true }),
    foreground: async () => ({
      endpoints: ENDPOINTS,
      engine: fake,
      ended: new Promise(() => undefined),
      stop: async () => undefined,
    }),
    running: async () => undefined,
    down: async () => true,
    inspectRepository: async (path) => ({ repository: path, base: 'main' }),
    propose: async (folder) => ({
      repository: folder,
      path: `${folder}/pawl.yaml`,
      text: 'checks:\n  - npm test\n',
      hasChecks: true,
    }),
    writeProposal: async () => undefined,
    serveMcp: async () => undefined,
    token: async (scope) => `a-token-that-may-${scope}`,
    mcpEntry: async () => ({ title: 'Codex', file: '/home/ann/.codex/config.toml', outcome: 'absent' }),
    sample: async () => undefined,
    choose: async () => undefined,
    askText: async () => undefined,
    logBug: () => '/home/ann/cli.log',
    ...own,
  };
}
