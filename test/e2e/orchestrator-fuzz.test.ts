/**
 * Every tool of the orchestrator, fuzzed from its own schema over the real adapter and engine: what it takes is answered
 * or refused in words, and what is refused has changed nothing.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orchestratorTools } from '../../src/edge/compat/orchestrator/toolset.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { invalid, valid } from '../edge/http/arbitrary.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { createRig, type Rig } from './rig.ts';

const CASES = 50;
const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`fuzzed with seed ${seed}; PAWL_SEED=${seed} does it again`);

let rig: Rig;
let mcp: McpRig;
let directory: string;
beforeAll(async () => {
  rig = createRig();
  directory = scratchFolder('fuzzed');
  mcp = await startMcp(rig.home, directory, ['--toolset', 'orchestrator']);
  await mcp.ok('orchestrator_initialize_session');
});
afterAll(async () => {
  await mcp.close();
  await rig.close();
});

/** All that a client can read of what is there. */
async function state(): Promise<unknown> {
  const [own, archived, sessions, restarts] = await Promise.all([
    mcp.ok('orchestrator_query_tasks', { limit: 1_000, include_artifacts: true }),
    mcp.ok('orchestrator_query_tasks', { limit: 1_000, status: ['archived'] }),
    mcp.ok('orchestrator_list_sessions', { include_completed: true, limit: 1_000 }),
    mcp.ok('orchestrator_restart_status', { include_history: true }),
  ]);
  const ids = sessions.sessions.map(({ session_id: id }: { session_id: string }) => id);
  const tasks = [...own.tasks, ...archived.tasks];
  return {
    tasks,
    total: own.total_count + archived.total_count,
    ids,
    restarts: restarts.history.total_restarts,
  };
}

/** A task of this session that a call can be about. */
async function newTask(more: Record<string, unknown> = {}): Promise<string> {
  const task = { title: 'something', description: 'to call about', ...more };
  return (await mcp.ok('orchestrator_plan_task', task)).task_id;
}

const REFUSALS = ['invalid_input', 'not_found', 'conflict', 'precondition', 'too_large'];

describe.each(orchestratorTools.map((tool) => [tool.name, tool] as const))(
  '%s',
  (name, { input, output }) => {
    it('answers in its own form, or refuses in words and changes nothing, whatever its schema takes', async () => {
      const task = await newTask();
      const waiting = await newTask({ dependencies: [await newTask()] });
      const known = fc.constantFrom(undefined, task, waiting);
      let before = await state();
      const named = Object.keys(input.shape).find((field) => /^(?:parent_)?task_id$/.test(field));
      await fc.assert(
        fc.asyncProperty(valid(input), known, async (args, id) => {
          const about = id !== undefined && named !== undefined ? { ...args, [named]: id } : args;
          const answer = await mcp.call(name, about);
          expect(answer.text).not.toMatch(/\bat .*\.[tj]s/);
          const after = await state();
          if (answer.isError) {
            expect(REFUSALS, answer.text).toContain(answer.structured.code);
            expect(after, answer.text).toEqual(before);
          } else {
            expect(output.safeParse(answer.structured).error).toBeUndefined();
          }
          before = after;
        }),
        { seed, numRuns: CASES },
      );
      await mcp.ok('orchestrator_initialize_session', { working_directory: directory });
    });

    it('refuses everything else, and changes nothing', async () => {
      const before = await state();
      await fc.assert(
        fc.asyncProperty(invalid(input), async (args) => {
          const answer = await mcp.call(name, args);
          expect(answer).toMatchObject({
            isError: true,
            structured: { code: 'invalid_input', message: expect.stringMatching(/\S/) },
          });
          expect(answer.text).not.toMatch(/\bat .*\.[tj]s/);
          expect(await state()).toEqual(before);
        }),
        { seed, numRuns: CASES },
      );
    });
  },
);
