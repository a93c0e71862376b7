/** The engine itself: health, shutdown, restart, reconnection. Everything is measured when it is asked for. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { CallError, RESTART_REASONS, Restart, type Vitals } from '../../../domain/vitals.ts';
import { tool } from '../../mcp/tool.ts';
import { Answered } from './words.ts';

const LOOKS = { readOnly: true, destructive: false, idempotent: true } as const;

const issuesOf = ({ temporal, database, worker, stopping }: Vitals): string[] => [
  ...(temporal.reachable ? [] : ['Temporal cannot be reached']),
  ...(database.reachable ? [] : ['the database cannot be read']),
  ...(worker.state === 'running' || worker.state === 'elsewhere' ? [] : [`the worker is ${worker.state}`]),
  ...(worker.polling === 0 ? ['no worker asks for work'] : []),
  ...(stopping ? ['the engine is stopping'] : []),
];

export const healthCheck = tool({
  name: 'orchestrator_health_check',
  title: 'Check the health',
  description:
    'Measures Temporal, its database, the workers and connections, and tells the errors of the last hours.',
  input: z.strictObject({
    include_reboot_readiness: z.boolean().default(true),
    include_connection_status: z.boolean().default(true),
    include_database_status: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    healthy: z.boolean(),
    timestamp: z.string(),
    server_version: z.string(),
    issues: z.array(z.string()),
    checks: z.object({
      reboot_readiness: z
        .object({ ready: z.boolean(), issues: z.array(z.string()), details: z.looseObject({}) })
        .optional(),
      database: z
        .object({ connected: z.boolean(), status: z.string(), read_ms: z.number().nullable() })
        .optional(),
      connections: z.object({ active_connections: z.int(), status: z.string() }).optional(),
      workers: z.object({ state: z.string(), polling: z.int().nullable() }),
    }),
    recent_errors: z.array(CallError),
  }),
  hints: LOOKS,
  async call(engine, input) {
    const vitals = await engine.vitals({});
    const issues = issuesOf(vitals);
    const restarting = vitals.restarts.at(-1)?.phase === 'stopping';
    const structured = {
      success: true as const,
      message: vitals.healthy ? 'healthy' : issues.join('; '),
      healthy: vitals.healthy,
      timestamp: new Date().toISOString(),
      server_version: vitals.version,
      issues,
      checks: {
        workers: vitals.worker,
        ...(input.include_reboot_readiness
          ? {
              reboot_readiness: {
                ready: vitals.worker.state === 'running' && !restarting,
                issues: restarting ? ['a restart is under way'] : issues,
                details: { restart_under_way: restarting, worker: vitals.worker.state },
              },
            }
          : {}),
        ...(input.include_database_status
          ? {
              database: {
                connected: vitals.database.reachable,
                status: vitals.database.reachable ? 'operational' : 'unreachable',
                read_ms: vitals.database.readMs,
              },
            }
          : {}),
        ...(input.include_connection_status
          ? { connections: { active_connections: vitals.connections, status: 'operational' } }
          : {}),
      },
      recent_errors: vitals.calls.errors,
    };
    return { structured, text: structured.message };
  },
});

export const shutdownPrepare = tool({
  name: 'orchestrator_shutdown_prepare',
  title: 'May the engine be stopped?',
  description: 'What runs now. A stop loses nothing: what runs is resumed at the next start.',
  input: z.strictObject({
    check_active_tasks: z.boolean().default(true),
    check_database_state: z.boolean().default(true),
    check_client_connections: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    ready_for_shutdown: z.boolean(),
    blocking_issues: z.array(z.string()),
    checks: z.looseObject({
      active_tasks: z.object({ count: z.int(), suspendable: z.boolean(), status: z.string() }).optional(),
      database: z.object({ connected: z.boolean(), status: z.string() }).optional(),
      client_connections: z.object({ active_connections: z.int(), status: z.string() }).optional(),
    }),
    timestamp: z.string(),
  }),
  hints: LOOKS,
  async call(engine, input) {
    const vitals = await engine.vitals({});
    const active = vitals.tasks.in_progress + vitals.tasks.awaiting_gate;
    // Without its database nothing that runs could be written down on the way out.
    const blocking = vitals.database.reachable ? [] : ['the database cannot be read'];
    const structured = {
      success: true as const,
      message:
        blocking.length === 0
          ? `ready: ${active} tasks in progress go on after the next start`
          : blocking.join('; '),
      ready_for_shutdown: blocking.length === 0,
      blocking_issues: blocking,
      checks: {
        ...(input.check_active_tasks
          ? {
              active_tasks: {
                count: active,
                suspendable: true,
                status: active === 0 ? 'idle' : 'resumed later',
              },
            }
          : {}),
        ...(input.check_database_state
          ? {
              database: {
                connected: vitals.database.reachable,
                status: vitals.database.reachable ? 'operational' : 'unreachable',
              },
            }
          : {}),
        ...(input.check_client_connections
          ? { client_connections: { active_connections: vitals.connections, status: 'closed by a stop' } }
          : {}),
      },
      timestamp: new Date().toISOString(),
    };
    return { structured, text: structured.message };
  },
});

export const restartServer = tool({
  name: 'orchestrator_restart_server',
  title: 'Restart the worker',
  description:
    'Ends the worker gracefully and begins it anew; attempts that run are handed over. Answers at once: orchestrator_restart_status follows it.',
  input: z.strictObject({
    graceful: z.boolean().default(true),
    preserve_state: z.boolean().default(true),
    timeout: z.int().min(10).max(300).default(30),
    reason: z.enum(RESTART_REASONS).default('manual_request'),
  }),
  output: z.looseObject({
    ...Answered,
    graceful: z.literal(true),
    preserve_state: z.literal(true),
    timeout: z.int(),
    reason: z.string(),
    restart: Restart,
  }),
  hints: { readOnly: false, destructive: false, idempotent: false },
  async call(engine, { graceful, preserve_state: preserve, timeout, reason }) {
    if (!graceful || !preserve) {
      const field = graceful ? 'preserve_state' : 'graceful';
      throw new PawlError(
        'precondition',
        `${field}: a restart always hands over what runs and keeps all state`,
        {
          details: [[field]],
        },
      );
    }
    const restart = await engine.restart({ reason, timeoutSeconds: timeout });
    const message = `restart ${restart.number} is under way`;
    return {
      structured: {
        success: true as const,
        message,
        graceful: true as const,
        preserve_state: true as const,
        timeout,
        reason,
        restart,
      },
      text: `${message}: orchestrator_restart_status tells when it is done`,
    };
  },
});

const PHASES = {
  stopping: ['starting_process', 50],
  done: ['complete', 100],
  failed: ['failed', 100],
} as const;

export const restartStatus = tool({
  name: 'orchestrator_restart_status',
  title: 'How far is the restart?',
  description: 'The latest restart of the worker since the engine started, and on request those before.',
  input: z.strictObject({
    include_history: z.boolean().default(false),
    include_error_details: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    current_status: z.object({
      phase: z.string(),
      progress: z.number(),
      message: z.string(),
      started_at: z.string().nullable(),
      finished_at: z.string().nullable(),
      errors: z.array(z.string()),
    }),
    history: z
      .object({
        recent_restarts: z.array(Restart),
        total_restarts: z.int(),
        last_successful_restart: z.string().nullable(),
      })
      .optional(),
    timestamp: z.string(),
  }),
  hints: LOOKS,
  async call(engine, { include_history: withHistory, include_error_details: withErrors }) {
    const { restarts, worker } = await engine.vitals({});
    const last = restarts.at(-1);
    const [phase, progress] = last === undefined ? (['idle', 0] as const) : PHASES[last.phase];
    const message =
      last === undefined
        ? 'no restart since the engine started'
        : `${last.reason}: ${last.phase}, the worker is ${worker.state}`;
    const structured = {
      success: true as const,
      message,
      current_status: {
        phase,
        progress,
        message,
        started_at: last?.requestedAt ?? null,
        finished_at: last?.finishedAt ?? null,
        errors: withErrors && last?.error !== undefined ? [last.error] : [],
      },
      ...(withHistory
        ? {
            history: {
              recent_restarts: restarts,
              total_restarts: last?.number ?? 0,
              last_successful_restart: restarts.findLast((one) => one.phase === 'done')?.finishedAt ?? null,
            },
          }
        : {}),
      timestamp: new Date().toISOString(),
    };
    return { structured, text: message };
  },
});

const PROBES = 3;

export const reconnectTest = tool({
  name: 'orchestrator_reconnect_test',
  title: 'Test the connection',
  description:
    'Asks the engine several times and tells whether it answered, how long it took, and whether it is the same one.',
  input: z.strictObject({
    session_id: z.string().min(1).max(100).optional(),
    include_buffer_status: z.boolean().default(true),
    include_reconnection_stats: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    test_completed: z.literal(true),
    overall_status: z.enum(['pass', 'fail']),
    results: z.looseObject({}),
    timestamp: z.string(),
  }),
  hints: LOOKS,
  async call(engine, input) {
    const answers: { readonly ms: number; readonly pid: number | null; readonly error: string | null }[] = [];
    for (let probe = 0; probe < PROBES; probe += 1) {
      const startedMs = performance.now();
      const { pid, error } = await engine.vitals({}).then(
        (vitals) => ({ pid: vitals.pid, error: null }),
        (problem: unknown) => ({
          pid: null,
          error: problem instanceof Error ? problem.message : String(problem),
        }),
      );
      answers.push({ ms: performance.now() - startedMs, pid, error });
    }
    const { sessions } = await engine.sessions({});
    const wanted = input.session_id;
    const known = wanted === undefined || sessions.some(({ id }) => id === wanted);
    const passed = known && answers.every(({ error }) => error === null);
    const structured = {
      success: true as const,
      message: passed
        ? 'the engine answers'
        : known
          ? 'the engine does not answer'
          : `there is no session ${wanted}`,
      test_completed: true as const,
      overall_status: passed ? ('pass' as const) : ('fail' as const),
      results: {
        ...(wanted === undefined
          ? { all_sessions: { count: sessions.length } }
          : { session_test: { session_id: wanted, exists: known } }),
        // Calls are answered or refused; none is kept for later.
        ...(input.include_buffer_status ? { buffer_status: { buffered_calls: 0 } } : {}),
        ...(input.include_reconnection_stats
          ? {
              reconnection_stats: {
                probes: answers,
                same_engine: new Set(answers.map(({ pid }) => pid)).size === 1,
              },
            }
          : {}),
      },
      timestamp: new Date().toISOString(),
    };
    return { structured, text: structured.message };
  },
});
