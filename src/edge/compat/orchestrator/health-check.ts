/** How the engine is, and whether it may be stopped. Everything is measured when it is asked for. */
import { z } from 'zod';
import { CallError, type Vitals } from '../../../domain/engine-vitals.ts';
import { tool } from '../../mcp/tool.ts';
import { Answered, LOOKS } from './words.ts';

const issuesOf = ({ temporal, database, worker, stopping, failing }: Vitals): string[] => [
  ...(temporal.reachable ? [] : ['Temporal cannot be reached']),
  ...(database.reachable ? [] : ['the database cannot be read']),
  ...(worker.state === 'running' || worker.state === 'elsewhere' ? [] : [`the worker is ${worker.state}`]),
  ...(worker.polling === 0 ? ['no worker asks for work'] : []),
  ...(failing ?? []).map(({ id, remedy }) => `task ${id} can neither be asked nor told anything: ${remedy}`),
  ...(stopping ? ['the engine is stopping'] : []),
];

/** Of those that clients have with the engine: what can be done over them. */
function connectionsOf({ clients, connections, stopping, temporal }: Vitals) {
  const status = stopping ? 'closing' : temporal.reachable ? 'operational' : 'degraded';
  return { active_connections: clients, open_sockets: connections, status };
}

export const healthCheck = tool({
  name: 'orchestrator_health_check',
  title: 'Check the health',
  description:
    'Measures Temporal, its database, the workers and connections, and tells the errors of the last hours. active_connections are clients of the last minute, open_sockets what they hold open now.',
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
      connections: z
        .object({ active_connections: z.int(), open_sockets: z.int(), status: z.string() })
        .optional(),
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
                ready: vitals.worker.state === 'running' && issues.length === 0 && !restarting,
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
        ...(input.include_connection_status ? { connections: connectionsOf(vitals) } : {}),
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
      active_tasks: z
        .object({ count: z.int().nullable(), suspendable: z.boolean(), status: z.string() })
        .optional(),
      database: z.object({ connected: z.boolean(), status: z.string() }).optional(),
      client_connections: z
        .object({ active_connections: z.int(), open_sockets: z.int(), status: z.string() })
        .optional(),
    }),
    timestamp: z.string(),
  }),
  hints: LOOKS,
  async call(engine, input) {
    const vitals = await engine.vitals({});
    const { tasks } = vitals;
    const active = tasks === null ? null : tasks.in_progress + tasks.awaiting_gate;
    // Without its database nothing that runs could be written down on the way out.
    const blocking = vitals.database.reachable ? [] : ['the database cannot be read'];
    const structured = {
      success: true as const,
      message:
        blocking.length === 0
          ? `ready: ${active ?? 'unknown'} tasks in progress go on after the next start`
          : blocking.join('; '),
      ready_for_shutdown: blocking.length === 0,
      blocking_issues: blocking,
      checks: {
        ...(input.check_active_tasks
          ? {
              active_tasks: {
                count: active,
                // What runs is handed over by way of the database.
                suspendable: blocking.length === 0,
                status: active === null ? 'unknown' : active === 0 ? 'idle' : 'resumed later',
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
          ? { client_connections: { ...connectionsOf(vitals), status: 'closed by a stop' } }
          : {}),
      },
      timestamp: new Date().toISOString(),
    };
    return { structured, text: structured.message };
  },
});
