/** Phases end, and the next one begins. */
import { z } from 'zod';
import { type ExecutionState, isOver } from '../../../domain/executions/execution-state.ts';
import { tool } from '../../mcp/tool.ts';
import { answered, answerOf, Standing } from './answers.ts';
import { executionOf, phasesAt } from './finding.ts';
import { OfExecution, WORKS } from './words.ts';

const Answer = z.looseObject({ id: z.string(), ...Standing });
const shown = (message: string) => (state: ExecutionState) => ({ fields: { id: state.id }, message });

export const completePhase = tool({
  name: 'complete_phase',
  title: 'Complete the phase',
  description:
    'Say that the current phase is over, once all its skills are completed or skipped. Needed with autonomy manual; else it ends by itself, and this changes nothing.',
  input: z.strictObject(OfExecution),
  output: Answer,
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId }, { keyed }) {
    const state = await executionOf(engine, executionId);
    const done = completedAlready(state);
    if (done !== undefined) return answerOf(state, shown(`phase ${done} is completed`));
    const { id, currentPhase: phase } = state;
    await engine.completeSkill({ id, phase, via: 'mcp' }, keyed?.context);
    return answered(engine, id, shown(`phase ${phase} is completed`));
  },
});

/** The phase that a call means which comes after it has ended by itself, or a second time. */
function completedAlready(state: ExecutionState): string | undefined {
  const { phase, before } = phasesAt(state);
  if (state.status === 'completed' || phase?.status === 'completed') return state.currentPhase;
  if (state.autonomy !== 'full' || isOver(state.status) || before === undefined) return undefined;
  // It has gone on by itself, and nothing was done since.
  const hasBegun = phase?.skills.some((one) => one.state !== 'pending' && one.state !== 'in-progress');
  return hasBegun === true ? undefined : before.id;
}

export const advancePhase = tool({
  name: 'advance_phase',
  title: 'Go on to the next phase',
  description:
    'Begin the next phase, once the current one is completed and its gates are approved. With autonomy full it begins by itself, and this changes nothing.',
  input: z.strictObject(OfExecution),
  output: Answer,
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId }, { keyed }) {
    const state = await executionOf(engine, executionId);
    const { id } = state;
    if (state.status === 'completed')
      return answerOf(state, shown(`execution ${id} is completed: there is no next phase`));
    await engine.steerExecution({ id, steer: { act: 'advance' }, via: 'mcp' }, keyed?.context);
    return answered(engine, id, (now) => shown(`the phase ${now.currentPhase} is under way`)(now));
  },
});
