/**
 * Guides: folders with a SKILL.md, as the open standard of Agent Skills has them (https://agentskills.io/specification): six
 * keys at its head, nothing else. What Pawl wants of its own would stand under `metadata`, as `pawl-…`. Pure.
 */

import { z } from 'zod';
import { Digest } from '../artifacts.ts';
import { issueWords } from '../issue-words.ts';
import type { Fault } from './loop-parts.ts';
import { UNKNOWN_KEY } from './loop-words.ts';

export const GUIDE_FILE = 'SKILL.md';

const Name = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
    error: 'expected lower-case letters, digits and single hyphens, such as write-plan',
  });

/** What stands at the head of a SKILL.md. */
const Head = z.strictObject({
  name: Name,
  description: z.string().min(1).max(1024),
  license: z.string().optional(),
  compatibility: z.string().min(1).max(500).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  'allowed-tools': z.string().optional(),
});

/** @param folder the guide's own, by whose name loops call it */
export function headFaults(head: unknown, folder: string): readonly Fault[] {
  const read = Head.safeParse(head, { error: issueWords });
  if (!read.success)
    return read.error.issues.flatMap((issue): readonly Fault[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...issue.path, key], message: UNKNOWN_KEY }))
        : [{ path: issue.path, message: issue.message }],
    );
  const { name } = read.data;
  if (name === folder) return [];
  return [{ path: ['name'], message: `expected the name of its folder, ${folder}, got ${name}` }];
}

/** A guide as it was when the loop was read: the digest of each of its files, by path within it. */
export const PinnedGuide = z.object({
  name: z.string(),
  /** Where it was found, as it is named in faults. */
  folder: z.string(),
  files: z.record(z.string(), Digest),
});
export type PinnedGuide = Readonly<z.infer<typeof PinnedGuide>>;
