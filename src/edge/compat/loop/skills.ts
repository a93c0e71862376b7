/** Skills are reported as done, tried again, or done anew. */
import { z } from 'zod';
import { digestOf } from '../../../domain/digest.ts';
import { type ExecutionState, isOver, type SkillView } from '../../../domain/executions/execution-state.ts';
import { opinionIn, SkillOpinion } from '../../../domain/executions/skill-opinion.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { Value } from '../../../domain/loops/value-schemas.ts';
import { tool } from '../../mcp/tool.ts';
import { answered, answerOf, Standing } from './answers.ts';
import { executionOf, isRefused, skillOf } from './finding.ts';
import { Deliverables, given, inWords, OfExecution, PartId, WORKS } from './words.ts';

const Answer = z.looseObject({ id: z.string(), skillId: z.string(), skillStatus: z.string(), ...Standing });

export const completeSkill = tool({
  name: 'complete_skill',
  title: 'Report a skill as done',
  description:
    'Report a skill of the current phase as done, with what it returns. The engine looks at the guarantees before that counts, and says passed, or what is missing. success false says that it cannot be done.',
  input: z.strictObject({
    ...OfExecution,
    skillId: PartId,
    deliverables: Deliverables.optional(),
    success: z.boolean().optional(),
    ...SkillOpinion,
    outputs: z.record(z.string().max(40), Value).optional().describe('what todo says under returns'),
    summary: z.string().min(1).max(LIMITS.noteCharsMax).optional(),
    item: z.string().min(1).max(200).optional().describe('where todo names one'),
  }),
  output: Answer.extend({
    ...{ passed: z.boolean(), rubric: z.looseObject({}).nullable() },
    sectionRecommendations: z.array(z.looseObject({})),
  }),
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId, skillId, success = true, ...said }, { keyed }) {
    const report = { outcome: success ? ('completed' as const) : ('failed' as const), ...said };
    const state = await executionOf(engine, executionId);
    const { id } = state;
    const { rubric = null, sectionRecommendations = [] } = said;
    const tell = (now: ExecutionState) => {
      const skill = skillOf(now, skillId);
      const { state: skillStatus } = partOf(skill, said.item) ?? skill;
      const passed = skillStatus === 'completed';
      return {
        fields: {
          id,
          skillId,
          skillStatus,
          passed,
          rubric,
          sectionRecommendations: [...sectionRecommendations],
        },
        message: messageOf(now, skill, said.item),
      };
    };
    // What is over takes no message, and this one was taken before.
    if (isOver(state.status) && isReported(skillOf(state, skillId), report)) return answerOf(state, tell);
    await inWords(NAMES, () =>
      engine.completeSkill(
        {
          ...{ id, skill: skillId, outcome: report.outcome, via: 'mcp' },
          ...given('item', said.item),
          ...given('outputs', said.outputs),
          ...given('summary', said.summary),
          ...given('deliverables', said.deliverables),
          ...opinionIn(said),
        },
        keyed?.context,
      ),
    );
    return answered(engine, id, tell);
  },
});

const NAMES = { skill: 'skillId' };

const partOf = ({ items = [] }: SkillView, item: string | undefined) =>
  items.find((one) => one.item === item);

interface Report extends SkillOpinion {
  readonly outcome: 'completed' | 'failed';
  readonly item?: string | undefined;
  readonly outputs?: object | undefined;
  readonly summary?: string | undefined;
}

/** The same was said before, and it ended so. */
function isReported(
  skill: SkillView,
  { outcome, item, outputs = {}, summary = '', ...more }: Report,
): boolean {
  const reported = item === undefined ? skill : partOf(skill, item);
  if (reported === undefined || reported.state !== outcome || reported.by === undefined) return false;
  const said = { outputs, summary, ...opinionIn(more) };
  const kept = { outputs: reported.outputs ?? {}, summary: reported.summary ?? '', ...opinionIn(reported) };
  return digestOf(said) === digestOf(kept);
}

function messageOf(state: ExecutionState, skill: SkillView, item: string | undefined): string {
  const part = partOf(skill, item);
  if (part !== undefined) return `skill ${skill.id} is ${part.state} for ${part.item}`;
  if (skill.isLookedAt === true)
    return `skill ${skill.id} is reported, and the engine still looks: get_execution tells what it saw`;
  if (isRefused(skill)) return state.blockedBy ?? `the report of skill ${skill.id} does not count yet`;
  return `skill ${skill.id} is ${skill.state}${skill.why === undefined ? '' : `: ${skill.why}`}`;
}

const shown = (skillId: string) => (state: ExecutionState) => {
  const skill = skillOf(state, skillId);
  return {
    fields: { id: state.id, skillId, skillStatus: skill.state },
    message: messageOf(state, skill, undefined),
  };
};

export const retrySkill = tool({
  name: 'retry_skill',
  title: 'Try a skill again',
  description:
    'Go on with a skill that failed, or have the engine look again at one whose report did not count. Changes nothing of a skill that is under way or completed.',
  input: z.strictObject({ ...OfExecution, skillId: PartId, deliverables: Deliverables.optional() }),
  output: Answer,
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId, skillId, deliverables }, { keyed }) {
    const state = await executionOf(engine, executionId);
    const skill = skillOf(state, skillId);
    const isAtWork = skill.state === 'in-progress' && !isRefused(skill);
    if (state.status !== 'paused' && (isAtWork || skill.state === 'completed'))
      return answerOf(state, shown(skillId));
    const steer = { act: 'retry' as const, skill: skillId, ...given('deliverables', deliverables) };
    await engine.steerExecution({ id: state.id, steer, via: 'mcp' }, keyed?.context);
    return answered(engine, state.id, shown(skillId));
  },
});

export const resetSkill = tool({
  name: 'reset_skill',
  title: 'Do a skill anew',
  description:
    'Do a skill of the current phase, and what came after it there, again from the beginning: reports, evidence and approvals of before count no more. clearAcknowledgments false keeps what a person has resolved.',
  input: z.strictObject({
    ...OfExecution,
    skillId: PartId,
    clearAcknowledgments: z.boolean().default(true),
  }),
  output: Answer,
  hints: { ...WORKS, destructive: true, idempotent: false },
  keeps: 'call',
  async call(engine, { executionId, skillId, clearAcknowledgments }, { keyed }) {
    const state = await executionOf(engine, executionId);
    skillOf(state, skillId);
    const steer = { act: 'reset' as const, skill: skillId, keepResolutions: !clearAcknowledgments };
    await engine.steerExecution({ id: state.id, steer, via: 'mcp' }, keyed?.context);
    return answered(engine, state.id, shown(skillId));
  },
});
