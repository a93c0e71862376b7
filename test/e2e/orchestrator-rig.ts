import { afterAll, beforeAll } from 'vitest';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { type McpRig, serveMcpHere, startMcp } from './mcp-rig.ts';
import { attach, createRig, type EngineRig } from './rig.ts';

export let rig: EngineRig;

export let mcp: McpRig;

/** The adapter as an AI client starts it. */
export let program: McpRig;

export let directory: string;

beforeAll(async () => {
  const home = createRig();
  directory = scratchFolder('project');
  // One entry in a client's configuration is the whole installation: the adapter starts the engine.
  program = await startMcp(home.home, directory, ['--toolset', 'orchestrator']);
  await program.ok('orchestrator_initialize_session');
  rig = await attach(home);
  mcp = await serveMcpHere(home.home, directory, 'orchestrator');
});

afterAll(async () => {
  await mcp.close();
  await program.close();
  await rig.close();
});

export const plan = (title: string, more: Record<string, unknown> = {}) =>
  mcp.ok('orchestrator_plan_task', { title, description: `Do ${title}`, ...more });

export const execute = (task_id: string) => mcp.ok('orchestrator_execute_task', { task_id });

export const complete = (task_id: string, more: Record<string, unknown> = {}) =>
  mcp.ok('orchestrator_complete_task', {
    task_id,
    summary: 'done',
    detailed_work: `all about ${task_id}`,
    next_action: 'complete',
    ...more,
  });

export const query = (input: Record<string, unknown> = {}) => mcp.ok('orchestrator_query_tasks', input);

export const ids = (answer: { tasks: { id: string }[] }) => answer.tasks.map(({ id }) => id);
