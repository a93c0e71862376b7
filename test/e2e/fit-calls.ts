/** A call of each operation that would change something, were it not refused. */
import { ExecutionId, TaskId } from '../../src/domain/ids.ts';
import type { CallOf, OperationName } from '../../src/domain/operations.ts';
import { newRepository } from '../adapters/scratch-repository.ts';

export const id = TaskId.parse('mine');
const begun = ExecutionId.parse('x_mine');
const GOAL = { report: 'It fails' };
/** What the execution is begun with that the calls are about. */
export const BEGUN = { id: begun, loop: 'bugfix', project: newRepository(), inputs: GOAL };
const session = 'session-0123456789abcdef';
const repository = newRepository();
const digest = `sha256:${'0'.repeat(64)}`;
/** What would change something, were it not refused. */
export const FIT: { readonly [N in OperationName]: CallOf<N> } = {
  run: { id: TaskId.parse('ran'), requirement: 'Do it', repository },
  create: { id: TaskId.parse('created'), title: 'Created' },
  list: {},
  show: { id },
  update: { id, note: 'noted' },
  count: {},
  claim: { id },
  complete: { id, summary: 'done' },
  archive: { id: TaskId.parse('closed') },
  remove: { id: TaskId.parse('closed') },
  upload: { content: 'aGk=' },
  artifact: { digest },
  open: { directory: repository },
  sessions: {},
  forget: { session },
  vitals: {},
  restart: {},
  gates: {},
  approve: { id },
  reject: { id, reason: 'no' },
  tell: { id, text: 'go on' },
  retry: { id: TaskId.parse('closed') },
  cancel: { id },
  diff: { id },
  logs: { id },
  loops: {},
  loop: { loop: 'bugfix' },
  checkLoop: { text: 'loop: x' },
  preview: { repository, agent: { name: 'helper' } },
  startExecution: { id: ExecutionId.parse('x_more'), loop: 'bugfix', project: repository, inputs: GOAL },
  executions: {},
  execution: { id: begun },
  updateExecution: { id: begun, note: 'noted' },
  completeSkill: { id: begun, skill: 'bug-reproducer', outcome: 'failed', summary: 'it cannot be' },
  decideGate: { id: begun, gate: 'repro', decision: 'approve' },
  steerExecution: { id: begun, steer: { act: 'abort' } },
  createToken: { name: 'more', scope: 'read' },
  tokens: {},
  revokeToken: { name: 'approve' },
  dashboard: {},
};
