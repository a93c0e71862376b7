/**
 * The toolset `loop`: the tools of the loop orchestrator under their own names, parameters and words, so that a client's
 * configuration and prompts work unchanged.
 */
import type { Tool } from '../../mcp/tool.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoints.ts';
import { approveGate, rejectGate } from './gate-decisions.ts';
import {
  disableAllGates,
  enableAllGates,
  resolveGuarantee,
  setAllGatesAuto,
  updateGate,
} from './gate-settings.ts';
import { learningTools } from './learning.ts';
import { createLoop, getLoop, listLoops, validateLoop } from './loops.ts';
import { abortExecution, completeRunTracking, pauseExecution, resumeExecution } from './pause-and-end.ts';
import { advancePhase, completePhase } from './phases.ts';
import { revalidateGate, revalidateGuarantees } from './revalidating.ts';
import { archiveRun, getRecentContext, queryRuns } from './runs.ts';
import { getExecution, listExecutions, listGates } from './shown-executions.ts';
import { completeSkill, resetSkill, retrySkill } from './skills.ts';
import { startExecution } from './start.ts';
import {
  cleanupTransient,
  getTransientState,
  listTransient,
  readTransient,
  writeTransient,
} from './transient.ts';

export const loopTools = [
  startExecution,
  getExecution,
  listExecutions,
  completeSkill,
  completePhase,
  advancePhase,
  listGates,
  approveGate,
  rejectGate,
  retrySkill,
  resetSkill,
  revalidateGuarantees,
  revalidateGate,
  resolveGuarantee,
  updateGate,
  disableAllGates,
  enableAllGates,
  setAllGatesAuto,
  pauseExecution,
  resumeExecution,
  abortExecution,
  completeRunTracking,
  listLoops,
  getLoop,
  createLoop,
  validateLoop,
  writeTransient,
  readTransient,
  listTransient,
  cleanupTransient,
  getTransientState,
  saveCheckpoint,
  loadCheckpoint,
  queryRuns,
  getRecentContext,
  archiveRun,
  ...learningTools,
] as unknown as readonly Tool[];
