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
import { once } from './orchestrator/once.ts';
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
  once(initializeSession),
  once(planTask),
  once(executeTask),
  once(updateTask),
  once(completeTask),
  once(cancelTask),
  once(deleteTask),
  queryTasks,
  getStatus,
  synthesizeResults,
  maintenanceCoordinator,
  listSessions,
  once(resumeSession),
  sessionStatus,
  once(cleanupSessions),
  healthCheck,
  reconnectTest,
  shutdownPrepare,
  once(restartServer),
  restartStatus,
] as unknown as readonly Tool[];
