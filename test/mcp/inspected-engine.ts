/** What the inspector meets: one task that waits for a decision, and a state for each that is started. */
import { type FakeEngine, fakeEngine } from '../edge/cli/fakes.ts';
import { HAPPY } from '../edge/cli/states.ts';

export const inspectedEngine = (): FakeEngine =>
  fakeEngine({ waiting: [HAPPY.waiting, HAPPY.merged], mine: [HAPPY.working], new: [HAPPY.working] });

/** A call of every tool of the core, as its arguments are written on a command line. */
export const CALLS: Readonly<Record<string, readonly string[]>> = {
  run: ['requirement=Fix the login', 'repository=.'],
  create: ['title=Mine', 'id=mine'],
  list: ['limit=5'],
  show: ['id=waiting'],
  update: ['id=mine', 'note=half'],
  complete: ['id=mine', 'summary=done'],
  decide: ['id=waiting', 'decision=approve'],
  control: ['id=mine', 'action=cancel'],
};
