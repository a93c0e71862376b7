/**
 * How a task names what it left in the artifact store: an address that says what it is without being read, such as
 * `pawl://artifacts/sha256:…?type=code&bytes=120&name=src%2Fa.ts`. Pure.
 */
import { z } from 'zod';

export const ARTIFACT_TYPES = [
  'code',
  'documentation',
  'analysis',
  'design',
  'test',
  'config',
  'general',
] as const;
export const ArtifactType = z.enum(ARTIFACT_TYPES);
export type ArtifactType = z.infer<typeof ArtifactType>;

export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: 'expected sha256: and 64 hexadecimal digits' });

export interface ArtifactReference {
  readonly digest: string;
  readonly type: ArtifactType;
  readonly bytes: number;
  /** The file it was, relative to the working directory. */
  readonly name?: string | undefined;
}

const PREFIX = 'pawl://artifacts/';

export function addressOf({ digest, type, bytes, name }: ArtifactReference): string {
  const query = new URLSearchParams({ type, bytes: String(bytes), ...(name === undefined ? {} : { name }) });
  return `${PREFIX}${digest}?${query}`;
}

/** undefined for what a client named by words of its own. */
export function referenceIn(address: string): ArtifactReference | undefined {
  if (!address.startsWith(PREFIX)) return undefined;
  const [digest = '', query = ''] = address.slice(PREFIX.length).split('?', 2);
  const fields = new URLSearchParams(query);
  const type = ArtifactType.safeParse(fields.get('type'));
  const bytes = Number(fields.get('bytes'));
  if (!Digest.safeParse(digest).success || !type.success || !Number.isSafeInteger(bytes)) return undefined;
  return { digest, type: type.data, bytes, name: fields.get('name') ?? undefined };
}
