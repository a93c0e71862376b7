/**
 * How whoever did a skill found it: scores, and what its guides should say. Kept with the report for people to read; nothing is
 * decided by it. Workflows preload this module: keep its imports to zod.
 */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';

/** zod makes parts of a schema on first use: `execution-messages.ts` uses each of them before it is frozen. */
const Mark = z.number().min(1).max(5);

export const Rubric = z.strictObject({ completeness: Mark, quality: Mark, friction: Mark, relevance: Mark });

export const SectionRecommendation = z.strictObject({
  type: z.enum(['add', 'remove', 'update']),
  section: z.string().min(1).max(200),
  reason: z.string().min(1).max(1_000),
  proposedContent: z.string().max(LIMITS.noteCharsMax).optional(),
});

export const SkillOpinion = {
  score: z.number().min(0).max(1).optional(),
  rubric: Rubric.optional(),
  sectionRecommendations: z.array(SectionRecommendation).max(LIMITS.recommendationsPerSkillMax).optional(),
};
export type SkillOpinion = z.infer<z.ZodObject<typeof SkillOpinion>>;

/** What was said of it; nothing where nothing was. */
export const opinionIn = ({ score, rubric, sectionRecommendations }: SkillOpinion): SkillOpinion => ({
  ...(score !== undefined && { score }),
  ...(rubric !== undefined && { rubric }),
  ...(sectionRecommendations !== undefined && { sectionRecommendations }),
});
