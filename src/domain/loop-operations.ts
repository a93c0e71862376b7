/**
 * The rows of the operations on loops: which there are, what one of them would do, whether a text is one. They only look;
 * but they read a repository of this host, so the scope is that of whoever may have agents run there.
 */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { LoopFault, LoopPlace } from './loops/found-loop.ts';
import { PinnedGuide } from './loops/guide.ts';
import { LoopPlan } from './loops/loop-plan.ts';
import { Named } from './loops/loop-words.ts';
import type { Operation } from './operation-schemas.ts';
import { CheckDefinition } from './task-spec.ts';

const Where = {
  /** Any path inside a repository, absolute: loops of its base commit count too. */
  repository: z.string().min(1).max(4096).optional(),
  /** Branch whose tip is the base commit; default: what the repository has checked out. */
  base: z.string().min(1).max(255).optional(),
};

/** One that can be run, or one with faults, which still hides others of its id. */
export const LoopRow = LoopPlace.extend({
  loop: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  digest: z.string().optional(),
  /** Others of its id that it stands before. */
  shadows: z.array(LoopPlace),
  faults: z.array(LoopFault),
});
export type LoopRow = z.infer<typeof LoopRow>;

export const loopOperations = {
  loops: {
    summary: 'List loops by name',
    input: z.strictObject(Where),
    output: z.object({ loops: z.array(LoopRow) }),
    scope: 'operate',
    idempotent: true,
    method: 'GET',
    path: '/api/loops',
  },
  loop: {
    summary: 'Show what a loop would do, and what it can come to at most',
    input: z.strictObject({ loop: Named, ...Where }),
    output: LoopPlace.extend({
      /** Of the definition, what it includes and its guides. */
      digest: z.string(),
      shadows: z.array(LoopPlace),
      /** Where the loops are from that are part of it, by its own hand or by that of one of them. */
      includes: z.array(LoopPlace),
      guides: z.array(PinnedGuide),
      /** The file of it in the working tree, where that, what it includes or a guide stands otherwise there. Not looked for where a base is named. */
      uncommitted: z.string().optional(),
      /** What `all` checks are in it: its own, and those of the base commit. */
      checks: z.array(CheckDefinition),
      plan: LoopPlan,
    }),
    scope: 'operate',
    idempotent: true,
    method: 'GET',
    path: '/api/loops/{loop}',
  },
  checkLoop: {
    summary: 'Check a loop that is not there yet: every fault with line and path',
    input: z.strictObject({
      /** YAML, or the JSON of `create_loop`. */
      text: z.string().max(LIMITS.loopCharsMax),
      /** As it is called in faults. */
      file: z.string().min(1).max(4096).default('loop.yaml'),
      ...Where,
      /** With the repository's loops, guides and `pawl.yaml` as they stand in its working tree, and none of a commit. */
      uncommitted: z.boolean().optional(),
    }),
    output: z.object({
      valid: z.boolean(),
      loop: z.string(),
      digest: z.string().optional(),
      faults: z.array(LoopFault),
    }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/loops/check',
    keyless: 'it changes nothing',
  },
} as const satisfies Record<string, Operation>;
