/** An execution rests, goes on, or ends. */
import { z } from 'zod';
import { type ExecutionState, isOver } from '../../../domain/executions/execution-state.ts';
import { problemWithResuming } from '../../../domain/executions/standing.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { tool } from '../../mcp/tool.ts';
import { answered, answerOf, Standing } from './answers.ts';
import { executionOf } from './finding.ts';
import { conflict, given, LOOKS, OfExecution, outcomeOf, WORKS } from './words.ts';

const Answer = z.looseObject({ id: z.string(), ...Standing });
const shown = (state: ExecutionState) => ({
  fields: { id: state.id },
  message: `execution ${state.id} is ${state.status}${state.why === undefined ? '' : `: ${state.why}`}`,
});

export const pauseExecution = tool({
  name: 'pause_execution',
  title: 'Pause an execution',
  description: 'Pause an execution: until it is resumed nothing goes on, and no report or decision is taken.',
  input: z.strictObject(OfExecution),
  output: Answer,
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId }, { keyed }) {
    const { id } = await executionOf(engine, executionId);
    await engine.updateExecution({ id, status: 'paused' }, keyed?.context);
    return answered(engine, id, shown);
  },
});

export const resumeExecution = tool({
  name: 'resume_execution',
  title: 'Resume an execution',
  description:
    'Let a paused execution go on. One that is blocked is not unblocked by it: the answer says what holds it up and who can do what.',
  input: z.strictObject(OfExecution),
  output: Answer,
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId }, { keyed }) {
    const state = await executionOf(engine, executionId);
    const { id } = state;
    const problem = problemWithResuming(state);
    if (problem !== undefined) throw conflict(problem);
    await engine.updateExecution({ id, status: 'active' }, keyed?.context);
    return answered(engine, id, shown);
  },
});

export const abortExecution = tool({
  name: 'abort_execution',
  title: 'Abort an execution',
  description:
    'End an execution before its loop does. It stays to be looked at, as aborted, with the reason.',
  input: z.strictObject({ ...OfExecution, reason: z.string().min(1).max(LIMITS.noteCharsMax).optional() }),
  output: Answer,
  hints: { ...WORKS, destructive: true },
  keeps: 'call',
  async call(engine, { executionId, reason }, { keyed }) {
    const state = await executionOf(engine, executionId);
    const { id } = state;
    if (state.status === 'aborted') return answerOf(state, shown);
    await engine.steerExecution(
      { id, steer: { act: 'abort', ...given('reason', reason) }, via: 'mcp' },
      keyed?.context,
    );
    return answered(engine, id, shown);
  },
});

export const completeRunTracking = tool({
  name: 'complete_run_tracking',
  title: 'Look how a run has ended',
  description:
    'Tell what a run that is over has come to. It is tracked by itself from its start to its end: there is nothing to close, and no lessons are drawn by themselves.',
  input: z.strictObject(OfExecution),
  output: Answer.extend({ outcome: z.string() }),
  hints: LOOKS,
  async call(engine, { executionId }) {
    const state = await executionOf(engine, executionId);
    const outcome = outcomeOf(state.status);
    if (outcome === undefined || !isOver(state.status))
      throw conflict(`execution ${state.id} is ${state.status}, and is tracked until it is over`);
    return answerOf(state, () => ({
      fields: { id: state.id, outcome },
      message: `${shown(state).message}; scores and recommendations are kept with each skill: get_execution shows them`,
    }));
  },
});
