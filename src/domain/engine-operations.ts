/** The rows of the operations on what the engine keeps besides tasks (artifacts, sessions) and on itself. */
import { z } from 'zod';
import { ArtifactType, Digest } from './artifacts.ts';
import { Restart, RestartReason, Vitals } from './engine-vitals.ts';
import { LIMITS } from './limits.ts';
import type { Operation } from './operation-schemas.ts';
import { SessionId } from './plan.ts';
import { Session, SessionTally } from './session.ts';

/** Three bytes are four characters of base64. */
const CONTENT_CHARS_MAX = Math.ceil(LIMITS.artifactBytesMax / 3) * 4;

export const engineOperations = {
  upload: {
    summary: 'Keep the content of a file as an artifact',
    input: z.strictObject({
      /** In base64. */
      content: z.base64().max(CONTENT_CHARS_MAX),
      type: ArtifactType.default('general'),
      /** What the file is called where it came from; left out of an address that would be longer than a task takes. */
      name: z.string().min(1).max(4096).optional(),
    }),
    /** The same content has the same digest, whoever uploads it. A task names it by `address`, among its `artifacts`. */
    output: z.object({ digest: Digest, bytes: z.int(), address: z.string() }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/artifacts',
  },
  artifact: {
    summary: 'Read an artifact, or a part of it',
    input: z.strictObject({ digest: Digest, offset: z.int().min(0).default(0) }),
    /** `bytes` of all of it; `content` in base64; `next` offset, null at the end. */
    output: z.object({ digest: Digest, bytes: z.int(), content: z.string(), next: z.int().nullable() }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/artifacts/{digest}',
  },
  open: {
    summary: 'Open the session of a working directory, or find it',
    input: z.strictObject({ directory: z.string().min(1).max(4096) }),
    output: Session.extend({ created: z.boolean() }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/sessions',
  },
  sessions: {
    summary: 'List sessions, latest activity first',
    input: z.strictObject({}),
    output: z.object({ sessions: z.array(SessionTally) }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/sessions',
  },
  forget: {
    summary: 'Forget a session without open tasks',
    input: z.strictObject({ session: SessionId }),
    output: z.object({
      session: SessionId,
      forgotten: z.literal(true),
      before: z.object({ directory: z.string() }),
    }),
    scope: 'operate',
    idempotent: false,
    method: 'DELETE',
    path: '/api/sessions/{session}',
  },
  vitals: {
    summary: 'Measure how the engine is',
    input: z.strictObject({}),
    output: Vitals,
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/vitals',
  },
  restart: {
    summary: 'Restart the worker; what runs is handed over to the next one',
    input: z.strictObject({
      reason: RestartReason.default('asked for'),
      /** After so long a worker that does not end counts as failed to. */
      timeoutSeconds: z.int().min(10).max(300).default(30),
    }),
    output: Restart,
    scope: 'operate',
    idempotent: false,
    method: 'POST',
    path: '/api/restart',
  },
} as const satisfies Record<string, Operation>;
