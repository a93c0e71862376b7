/**
 * Files that clients keep beside an execution. Their contents are artifacts; the execution knows their names. Pure. Workflows
 * preload this module: keep its imports to zod.
 */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';

export const TRANSIENT_CATEGORIES = ['context', 'working', 'scratch'] as const;

const Named = { category: z.enum(TRANSIENT_CATEGORIES), name: z.string().min(1).max(200) };

const Metadata = z
  .record(z.string(), z.unknown())
  .refine((metadata) => JSON.stringify(metadata).length <= LIMITS.transientMetadataCharsMax, {
    error: `expected at most ${LIMITS.transientMetadataCharsMax} characters as JSON`,
  });

const Content = { bytes: z.int().min(0).optional(), metadata: Metadata.optional() };

/** Written, over what was there under its name; or, without a digest, removed. */
export const TransientChange = z.strictObject({
  ...Named,
  digest: z.string().min(1).max(200).nullable(),
  ...Content,
});
type TransientChange = z.infer<typeof TransientChange>;

export const TransientFile = z.object({
  ...Named,
  /** Of the artifact that is its content. */
  digest: z.string(),
  ...Content,
  writtenAt: z.iso.datetime(),
});
export type TransientFile = z.infer<typeof TransientFile>;

export function problemWithTransient(
  kept: readonly TransientFile[],
  changes: readonly TransientChange[],
): string | undefined {
  const { length } = changedFiles(kept, changes, '');
  // What is too much already can be made less.
  if (length <= Math.max(kept.length, LIMITS.transientsPerExecutionMax)) return undefined;
  return `transient: expected at most ${LIMITS.transientsPerExecutionMax} files, got ${length}: remove some first`;
}

/** The latest last. @param now ISO 8601, by the workflow's clock */
export const changedFiles = (
  kept: readonly TransientFile[],
  changes: readonly TransientChange[],
  now: string,
): readonly TransientFile[] =>
  changes.reduce((files, { category, name, digest, bytes, metadata }) => {
    const others = files.filter((one) => one.category !== category || one.name !== name);
    if (digest === null) return others;
    const said = { ...(bytes !== undefined && { bytes }), ...(metadata !== undefined && { metadata }) };
    return [...others, { category, name, digest, ...said, writtenAt: now }];
  }, kept);
