/** What a client did, kept in the artifact store before the task hears of it; its message carries addresses only. */
import { addressOf } from '../domain/artifact-address.ts';
import type { ArtifactType } from '../domain/artifacts.ts';
import type { Documents } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Mask, type MaskNow, maskAll } from '../domain/mask.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { type Reads, readRow } from './task-reads.ts';

export interface ResultDeps {
  readonly documents: Documents;
  /** Keeps a content; answers its digest. */
  readonly store: (content: string | Uint8Array) => Promise<string>;
  /**
   * Puts a file of `directory` into the artifact store.
   * @throws PawlError `invalid_input` for a path that leads out of it, is no file or too large
   */
  readonly storeFile: (
    directory: string,
    path: string,
  ) => Promise<{ readonly digest: string; readonly bytes: number; readonly name: string }>;
  readonly readArtifact: (digest: string) => Promise<Buffer | undefined>;
  readonly mask: MaskNow;
}

type Given = InputOf<'complete'> | InputOf<'update'>;

/** The message without secrets in what it reports, without what was stored, and with the addresses of that. Idempotent: content has one address. */
export async function storeResults<M extends Given>(
  deps: ResultDeps,
  reads: Reads,
  reported: M,
): Promise<Omit<M, 'detail' | 'files' | 'artifactType'>> {
  const { detail, files = [], artifactType = 'general', ...message } = withoutSecrets(deps.mask(), reported);
  const count = (message.artifacts ?? []).length + files.length + (detail === undefined ? 0 : 1);
  if (count > LIMITS.artifactsPerTaskMax) throw tooMany(count);
  if (detail === undefined && files.length === 0) return message;
  // In the same order where a client has uploaded the files, so that they are among those that it names.
  const told = detail === undefined ? [] : [await storeDetail(deps, detail, artifactType)];
  const kept = await storeFiles(deps, reads, message.id, files, artifactType);
  return { ...message, artifacts: [...told, ...(message.artifacts ?? []), ...kept] };
}

const TOLD = ['title', 'description', 'context', 'detail', 'note', 'summary', 'artifacts'] as const;

/** In all words of a report; what a task is asked to do when it is made stays as it is. */
function withoutSecrets<M extends Given>(mask: Mask, reported: M): M {
  const words: Partial<Record<(typeof TOLD)[number], unknown>> = reported;
  const told = TOLD.filter((name) => words[name] !== undefined);
  const masked = told.map((name) => [name, maskAll(mask, words[name], 'names too')]);
  return { ...reported, ...Object.fromEntries(masked) };
}

const tooMany = (count: number): PawlError =>
  new PawlError(
    'invalid_input',
    `artifacts: expected at most ${LIMITS.artifactsPerTaskMax} with files and the result in words, got ${count}`,
    { details: [['artifacts']] },
  );

/** @throws PawlError `invalid_input` for a text of more bytes than an artifact may have */
async function storeDetail(deps: ResultDeps, text: string, type: ArtifactType): Promise<string> {
  const bytes = Buffer.byteLength(text);
  if (bytes > LIMITS.artifactBytesMax) {
    throw new PawlError(
      'invalid_input',
      `detail: expected at most ${LIMITS.artifactBytesMax} bytes, got ${bytes}: name files instead`,
      { details: [['detail']] },
    );
  }
  return addressOf({ digest: await deps.store(text), type, bytes });
}

async function storeFiles(
  { documents, storeFile }: ResultDeps,
  reads: Reads,
  id: Given['id'],
  files: readonly string[],
  type: ArtifactType,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const { plan } = await readRow(reads, id);
  const session = plan?.session === undefined ? undefined : await documents.sessions.read(plan.session);
  if (session === undefined) {
    throw new PawlError(
      'invalid_input',
      `files: task ${id} is of no session, so there is no directory to read them in`,
      {
        details: [['files']],
      },
    );
  }
  const stored = [];
  for (const path of files) stored.push(addressOf({ type, ...(await storeFile(session.directory, path)) }));
  return stored;
}

/** Keeps what a client has read on its own host. Idempotent: content has one address. @throws PawlError `invalid_input` */
export async function keepUpload(
  { store, mask }: ResultDeps,
  { content, type, name: given }: InputOf<'upload'>,
): Promise<OutputOf<'upload'>> {
  const whole = Buffer.from(content, 'base64');
  const bytes = whole.length;
  if (bytes > LIMITS.artifactBytesMax) {
    throw new PawlError(
      'invalid_input',
      `content: expected at most ${LIMITS.artifactBytesMax} bytes, got ${bytes}`,
      {
        details: [['content']],
      },
    );
  }
  const digest = await store(whole);
  const name = given === undefined ? given : mask().text(given);
  const named = addressOf({ digest, type, bytes, name });
  const isTaken = named.length <= LIMITS.artifactCharsMax;
  return { digest, bytes, address: isTaken ? named : addressOf({ digest, type, bytes }) };
}

/** @throws PawlError `not_found` */
export async function readArtifact(
  { readArtifact: read }: ResultDeps,
  { digest, offset }: InputOf<'artifact'>,
): Promise<OutputOf<'artifact'>> {
  const whole = await read(digest);
  if (whole === undefined) throw new PawlError('not_found', `there is no artifact ${digest}`);
  const end = offset + LIMITS.artifactSliceBytesMax;
  const content = whole.subarray(offset, end).toString('base64');
  return { digest, bytes: whole.length, content, next: end < whole.length ? end : null };
}
