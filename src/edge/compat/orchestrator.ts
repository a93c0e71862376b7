/**
 * The toolset `orchestrator`: the tools of the MCP task orchestrator under their own names, parameters and defaults, so
 * that a client's configuration and prompts work unchanged.
 */
import type { Tool, ToolContext } from '../mcp/tool.ts';
import { completeTask } from './orchestrator/complete.ts';
import { cancelTask, deleteTask } from './orchestrator/ending.ts';
import { executeTask } from './orchestrator/execute.ts';
import { healthCheck, shutdownPrepare } from './orchestrator/health.ts';
import { maintenanceCoordinator } from './orchestrator/maintenance.ts';
import { once } from './orchestrator/once.ts';
import { planTask } from './orchestrator/plan.ts';
import { queryTasks } from './orchestrator/query.ts';
import { reconnectTest } from './orchestrator/reconnect.ts';
import { restartServer, restartStatus } from './orchestrator/restart.ts';
import { cleanupSessions } from './orchestrator/session-cleanup.ts';
import { initializeSession, listSessions, resumeSession, sessionStatus } from './orchestrator/sessions.ts';
import { getStatus } from './orchestrator/status.ts';
import { synthesizeResults } from './orchestrator/synthesis.ts';
import { updateTask } from './orchestrator/update.ts';

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
