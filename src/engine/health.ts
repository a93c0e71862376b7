/** What the engine says of itself. Temporal is asked at most once a second, however many ask for its health. */
import type { ConnectionLike } from '@temporalio/client';
import type { Failing } from '../domain/engine-vitals.ts';
import type { Health } from '../edge/http/app.ts';
import { VERSION } from '../version.ts';
import type { SupervisedWorker } from './supervised-worker.ts';

const FRESH_MS = 1_000;
const ASK_MS = 1_000;

/** Filled in while the engine starts. */
export interface EngineParts {
  temporal?: { readonly address: string; readonly connection: ConnectionLike };
  /** `elsewhere`: a process of its own, of whose health the engine knows nothing. */
  worker?: SupervisedWorker | 'elsewhere';
  /** What the worker in this process does about tasks whose workflow task fails. */
  repairs?: Failures;
  stopping?: boolean;
}

/** As much of `Repairs` as is told here. */
interface Failures {
  failing(): readonly Failing[];
  lookAgain(): Promise<void>;
}

/** @returns the question to ask; never rejects */
export function createHealth(parts: EngineParts): () => Promise<Health> {
  const startedMs = Date.now();
  const temporalHealthy = atMostOften(FRESH_MS, async () => {
    const { connection } = parts.temporal ?? {};
    if (connection === undefined) return false;
    return connection
      .withDeadline(Date.now() + ASK_MS, () => connection.workflowService.getSystemInfo({}))
      .then(() => true)
      .catch(() => false);
  });
  const failures = atMostOften(FRESH_MS, async () => {
    // Temporal may be away: what was known then is told.
    await parts.repairs?.lookAgain().catch(() => undefined);
    return parts.repairs?.failing() ?? [];
  });
  return async () => {
    const healthy = await temporalHealthy();
    const { worker } = parts;
    const state = worker === 'elsewhere' ? worker : (worker?.state() ?? 'starting');
    const failing = worker === 'elsewhere' ? null : await failures();
    const works = healthy && (state === 'running' || state === 'elsewhere');
    return {
      status: statusOf(parts, works, failing?.length ?? 0),
      version: VERSION,
      pid: process.pid,
      uptimeSeconds: Math.floor((Date.now() - startedMs) / 1000),
      temporal: { address: parts.temporal?.address ?? null, healthy },
      worker: { state },
      failing: failing?.map(({ id, since, remedy }) => ({ id, since, remedy })) ?? null,
    };
  };
}

function statusOf(parts: EngineParts, works: boolean, failing: number): Health['status'] {
  if (parts.stopping) return 'stopping';
  if (parts.worker === undefined) return 'starting';
  if (!works) return 'degraded';
  return failing === 0 ? 'ok' : 'failing';
}

/** A throttle: calls share the answer of the last one while it is fresh, also while it is under way. */
function atMostOften<T>(everyMs: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly askedMs: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const now = Date.now();
    if (last === undefined || now - last.askedMs >= everyMs) last = { askedMs: now, answer: ask() };
    return last.answer;
  };
}
