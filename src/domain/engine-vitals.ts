/** How an engine is, measured when it is asked. */
import { z } from 'zod';
import { TaskStatus } from './task-state.ts';

/** Why a restart was asked for, in words of whoever asked. */
export const RestartReason = z.string().min(1).max(200);

/** A restart of the worker, from when it was asked for. */
export const Restart = z.object({
  /** From 1, since this engine started. */
  number: z.int().min(1),
  reason: RestartReason,
  /** `failed`: the worker did not come back in time; it is still tried. */
  phase: z.enum(['stopping', 'done', 'failed']),
  requestedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  error: z.string().optional(),
});
export type Restart = z.infer<typeof Restart>;

/** A call that was not answered with a result. */
export const CallError = z.object({
  at: z.iso.datetime(),
  operation: z.string(),
  code: z.string(),
  message: z.string(),
});
export type CallError = z.infer<typeof CallError>;

/** A task that cannot be asked or told anything now, because its workflow task fails. */
export const Failing = z.object({
  id: z.string(),
  /** When it was first seen, by this engine. */
  since: z.iso.datetime(),
  problem: z.string(),
  /** What is being done about it, or what a person can do. */
  remedy: z.string(),
});
export type Failing = z.infer<typeof Failing>;

export const Vitals = z.object({
  version: z.string(),
  pid: z.int(),
  startedAt: z.iso.datetime(),
  uptimeSeconds: z.number(),
  /** Everything that tasks need is there. */
  healthy: z.boolean(),
  stopping: z.boolean(),
  /** What a person should look at, though everything runs: a line each. An engine before this had none. */
  warnings: z.array(z.string()).default([]),
  temporal: z.object({ address: z.string().nullable(), reachable: z.boolean() }),
  /** Temporal's own: a list was read from it just now. */
  database: z.object({ reachable: z.boolean(), readMs: z.number().nullable() }),
  worker: z.object({
    state: z.enum(['starting', 'running', 'restarting', 'stopped', 'elsewhere']),
    /** Workers that have asked for tasks in the last minutes, wherever they run; null where Temporal does not tell. */
    polling: z.int().nullable(),
  }),
  /** Sockets that clients hold open, the asking one among them: one client may have many. */
  connections: z.int(),
  /** Programs that asked in the last minute or hold a socket open, the asking one among them. */
  clients: z.int(),
  /** Those whose workflow task fails, as far as the worker in this engine has seen; null where it is elsewhere. */
  failing: z.array(Failing).nullable(),
  /** Null where they cannot be counted now. */
  tasks: z.record(TaskStatus, z.int()).nullable(),
  calls: z.object({
    count: z.int(),
    /** Of the latest calls, in milliseconds; null before the first. */
    p50Ms: z.number().nullable(),
    p95Ms: z.number().nullable(),
    /** In the last hours, also of engines of this home before this one, newest last. */
    errors: z.array(CallError),
  }),
  memoryBytes: z.int(),
  cpuSeconds: z.number(),
  restarts: z.array(Restart),
});
export type Vitals = z.infer<typeof Vitals>;
