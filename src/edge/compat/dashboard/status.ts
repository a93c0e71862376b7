/** Where everything stands, in a handful of numbers. */
import { z } from 'zod';
import { countGates, statusOf } from './board-tally.ts';
import { TaskCounts } from './pipeline-message.ts';
import { route } from './route.ts';
import { HEALTH_WORDS, healthScore, listed, tallyOf } from './tallies.ts';

export const status = route({
  name: 'status',
  summary: 'Tell where everything stands',
  method: 'GET',
  path: '/api/status',
  scope: 'read',
  input: z.strictObject({}),
  output: z.object({
    project_id: z.string().describe('names the home of this engine'),
    health_score: z.int().min(0).max(100).describe(HEALTH_WORDS),
    progress: z
      .int()
      .min(0)
      .max(100)
      .describe('how many percent of the tasks that were not cancelled or put away are over'),
    active_agents: z.int().describe('agents that work on a task now'),
    pending_decisions: z.int().describe('gates of tasks and executions that wait for a person'),
    tasks: TaskCounts.describe('those that were put away are left out'),
  }),
  async answer({ calls, host }) {
    const [all, executions, vitals] = await Promise.all([host.rows(), host.executions(), calls.vitals({})]);
    const rows = listed(all);
    const tally = tallyOf(rows);
    for (const row of [...rows, ...executions]) countGates(tally, row, 1);
    return {
      project_id: host.project,
      ...statusOf(tally),
      health_score: healthScore(rows, vitals),
    };
  },
});
