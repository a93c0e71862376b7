/**
 * The toolset `orchestrator`: the tools of the MCP task orchestrator under their own names, parameters and defaults, so
 * that a client's configuration and prompts work unchanged.
 */
import type { Tool } from '../../mcp/tool.ts';
import { completeTask } from './complete.ts';
import { cancelTask, deleteTask } from './ending.ts';
import { executeTask } from './execute.ts';
import { healthCheck, shutdownPrepare } from './health-check.ts';
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

export const orchestratorTools = [
  initializeSession,
  planTask,
  executeTask,
  updateTask,
  completeTask,
  cancelTask,
  deleteTask,
  queryTasks,
  getStatus,
  synthesizeResults,
  maintenanceCoordinator,
  listSessions,
  resumeSession,
  sessionStatus,
  cleanupSessions,
  healthCheck,
  reconnectTest,
  shutdownPrepare,
  restartServer,
  restartStatus,
] as unknown as readonly Tool[];
