/** Parts of an execution as they are shown. */
import { GateView, SkillView } from '../../src/domain/executions/execution-state.ts';

export const gate = (changes: object): GateView =>
  GateView.parse({
    ...{ id: 'reviewed', afterPhase: 'review', kind: 'approval', status: 'open', required: true },
    ...{ enabled: true, approvalType: 'human', approvals: [], reworks: 0, guarantees: [] },
    ...changes,
  });

export const skill = (changes: object): SkillView =>
  SkillView.parse({
    ...{ id: 'build', doer: 'agent', state: 'in-progress', round: 1, guarantees: [] },
    ...changes,
  });
