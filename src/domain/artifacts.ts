/** What an artifact is called by, as inputs and outputs have it. How a task names one: `artifact-address.ts`. */
import { z } from 'zod';
import { ARTIFACT_TYPES, DIGEST_FORM } from './artifact-address.ts';

export const ArtifactType = z.enum(ARTIFACT_TYPES);
export type ArtifactType = z.infer<typeof ArtifactType>;

export const Digest = z.string().regex(DIGEST_FORM, { error: 'expected sha256: and 64 hexadecimal digits' });
