/**
 * How a task names what it left in the artifact store: an address that says what it is without being read, such as
 * `pawl://artifacts/sha256:…?type=code&bytes=120&name=src%2Fa.ts`. Pure. Apart from `artifacts.ts`, whose schemas the live page
 * need not load.
 */

export const ARTIFACT_TYPES = [
  'code',
  'documentation',
  'analysis',
  'design',
  'test',
  'config',
  'general',
] as const;
type ArtifactType = (typeof ARTIFACT_TYPES)[number];

export const DIGEST_FORM = /^sha256:[0-9a-f]{64}$/;

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
  const type = ARTIFACT_TYPES.find((one) => one === fields.get('type'));
  const bytes = Number(fields.get('bytes'));
  if (!DIGEST_FORM.test(digest) || type === undefined || !Number.isSafeInteger(bytes)) return undefined;
  return { digest, type, bytes, name: fields.get('name') ?? undefined };
}
