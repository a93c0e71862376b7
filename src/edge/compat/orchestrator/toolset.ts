/**
 * The toolset `orchestrator`: the tools of the MCP task orchestrator under their own names, parameters and defaults, so
 * that a client's configuration and prompts work unchanged.
 */
import type { Tool, ToolContext } from '../../mcp/tool.ts';
import { completeTask } from './complete.ts';
import { cancelTask, deleteTask } from './ending.ts';
import { executeTask } from './execute.ts';
import { healthCheck, shutdownPrepare } from './health-check.ts';
import { once } from './idempotency.ts';
import { maintenanceCoordinator } from './maintenance.ts';
import { planTask } from './plan-task.ts';
import { queryTasks } from './query-tasks.ts';
import { reconnectTest } from './reconnect.ts';
import { restartServer, restartStatus } from './restart.ts';
import { cleanupSessions } from './session-cleanup.ts';
import { initializeSession, listSessions, resumeSession, sessionStatus } from './sessions.ts';
import { getStatus } from './status.ts';
import { synthesizeResults } from './synthesis.ts';
import { updateTask } from './update.ts';

/** The call before may have been of an adapter that was started again since, which speaks for its own directory. */
function goesOn(
  { structured: { working_directory: directory } }: { structured: { working_directory: string } },
  context: ToolContext,
): void {
  context.speakFor(directory);
}

export const orchestratorTools = [
  once(initializeSession, goesOn),
  once(planTask),
  once(executeTask),
  once(updateTask),
  once(completeTask),
  once(cancelTask),
  once(deleteTask),
  queryTasks,
  getStatus,
  synthesizeResults,
  once(maintenanceCoordinator),
  listSessions,
  once(resumeSession, goesOn),
  sessionStatus,
  once(cleanupSessions),
  healthCheck,
  reconnectTest,
  shutdownPrepare,
  once(restartServer),
  restartStatus,
] as unknown as readonly Tool[];
