/**
 * The toolset `orchestrator`: the tools of the MCP task orchestrator under their own names, parameters and defaults, so
 * that a client's configuration and prompts work unchanged.
 */
import type { Tool } from '../mcp/tool.ts';
import { cancelTask, deleteTask } from './orchestrator/ending.ts';
import {
  healthCheck,
  reconnectTest,
  restartServer,
  restartStatus,
  shutdownPrepare,
} from './orchestrator/engine.ts';
import { maintenanceCoordinator } from './orchestrator/maintenance.ts';
import { completeTask, executeTask, planTask, updateTask } from './orchestrator/planning.ts';
import { getStatus, queryTasks, synthesizeResults } from './orchestrator/querying.ts';
import {
  cleanupSessions,
  initializeSession,
  listSessions,
  resumeSession,
  sessionStatus,
} from './orchestrator/sessions.ts';

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
