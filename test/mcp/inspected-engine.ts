/** What the inspector meets: a task that waits for a decision, one of the session, and a state for each that is started. */

import type { InputOf } from '../../src/domain/operations.ts';
import { SessionId } from '../../src/domain/plan.ts';
import type { Session } from '../../src/domain/session.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { toolsOf } from '../../src/edge/mcp/toolsets.ts';
import { type FakeEngine, fakeEngine } from '../edge/cli/fake-engine.ts';
import { HAPPY } from '../edge/cli/states.ts';

export const TOOLSETS = 'core,orchestrator';
export const TOOLS = toolsOf(TOOLSETS);

const SESSION: Session = {
  id: SessionId.parse('session-0123456789abcdef'),
  directory: process.cwd(),
  createdAt: '2026-01-02T03:04:05.000Z',
};
const MINE: TaskState = { ...HAPPY.working, kind: 'client_driven', plan: { session: SESSION.id } };

export function inspectedEngine(): FakeEngine {
  const engine = fakeEngine({ waiting: [HAPPY.waiting, HAPPY.merged], mine: [MINE], new: [HAPPY.working] });
  const { show, list } = engine;
  return Object.assign(engine, {
    sessions: async () => ({
      sessions: [{ ...SESSION, tasks: 1, open: 1, lastActivityAt: SESSION.createdAt }],
    }),
    // None is a part of another; the engine of plain objects lists all tasks, whatever it is asked for.
    list: async (filter: InputOf<'list'>) =>
      filter.parent === undefined ? list(filter) : { tasks: [], total: 0 },
    // A task that was planned just now has an id that nobody knows before.
    show: async (input: InputOf<'show'>) =>
      input.id.startsWith('task-') ? { ...MINE, id: input.id } : show(input),
  } satisfies Partial<FakeEngine>);
}

const ABOUT_MINE = ['task_id=mine'];
/** A call of every tool, as its arguments are written on a command line; none where nothing is said. */
export const CALLS: Readonly<Record<string, readonly string[]>> = {
  run: ['requirement=Fix the login', 'repository=.'],
  create: ['title=Mine', 'id=mine'],
  list: ['limit=5'],
  show: ['id=waiting'],
  update: ['id=mine', 'note=half'],
  complete: ['id=mine', 'summary=done'],
  decide: ['id=waiting', 'decision=approve'],
  control: ['id=mine', 'action=cancel'],
  orchestrator_plan_task: ['title=Mine', 'description=To be called about'],
  orchestrator_execute_task: ABOUT_MINE,
  orchestrator_update_task: [...ABOUT_MINE, 'status=in_progress'],
  orchestrator_complete_task: [...ABOUT_MINE, 'summary=done', 'detailed_work=all', 'next_action=complete'],
  orchestrator_cancel_task: [...ABOUT_MINE, 'reason=no need'],
  orchestrator_delete_task: [...ABOUT_MINE, 'force=true'],
  orchestrator_query_tasks: ['limit=5', 'include_children=true'],
  orchestrator_synthesize_results: ['parent_task_id=mine'],
  orchestrator_maintenance_coordinator: ['action=validate_structure'],
  orchestrator_resume_session: [`session_id=${SESSION.id}`],
  orchestrator_session_status: [`session_id=${SESSION.id}`],
  orchestrator_restart_server: ['timeout=10'],
};
