/** Parsing untrusted JSON: refuses what is malformed, nested too deeply, or holds `__proto__` (prototype pollution). */
import type { HonoRequest } from 'hono';
import { PawlError } from '../../domain/failures.ts';
import { refuseEncodedBody } from './plain-body.ts';
import { Refusal } from './refusals.ts';

/** Deeper than anybody writes by hand, and shallow enough for every program that walks through it later. */
export const DEPTH_MAX = 64;
const tooDeep = (depthMax: number) => `expected at most ${depthMax} values inside each other, got more`;
export const TOO_DEEP = tooDeep(DEPTH_MAX);

/** How much of a body that is too long is still read: closing at once would cut off clients before they read the refusal. */
const READ_ON_BYTES_MAX = 64 * 1024 * 1024;

/** The object in a request's body; of no body, none of its fields. @throws PawlError `invalid_input`, Refusal */
export async function readBody(
  request: HonoRequest,
  bytesMax: number,
  depthMax = DEPTH_MAX,
): Promise<Record<string, unknown>> {
  const bytes = await readBytes(request, bytesMax);
  if (bytes.byteLength === 0) return {};
  refuseEncodedBody(request.raw.headers);
  const type = request.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Refusal(
      'unsupported_media_type',
      'expected a body with the header Content-Type: application/json',
    );
  }
  const value = parseJson(textOf(bytes), depthMax);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new PawlError('invalid_input', 'expected a JSON object as the body, got another JSON value');
}

/** @throws PawlError `invalid_input` */
export function parseJson(text: string, depthMax = DEPTH_MAX): unknown {
  const value = parsed(text);
  const problem = problemOf(value, depthMax);
  if (problem !== undefined) throw new PawlError('invalid_input', problem);
  return value;
}

async function readBytes({ raw }: HonoRequest, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    // HTTP ends a body where it said that it ends: one that is short enough is read without a web stream around it.
    const said = raw.headers.get('content-length');
    if (said !== null && Number(said) <= bytesMax) return Buffer.from(await raw.arrayBuffer());
    for await (const chunk of raw.body ?? []) {
      length += chunk.byteLength;
      if (length <= bytesMax) chunks.push(chunk);
      else chunks.length = 0;
      if (length > READ_ON_BYTES_MAX) break;
    }
  } catch (error) {
    // Only the client can abort its body: nobody reads this refusal.
    throw new PawlError('invalid_input', 'expected a whole body, got a part of one', { cause: error });
  }
  if (length <= bytesMax) return Buffer.concat(chunks);
  throw new Refusal('too_large', `expected a body of at most ${bytesMax} bytes, got more`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Its message quotes the text, which may hold a secret.
    throw new PawlError('invalid_input', 'expected JSON, got a text that is none');
  }
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new PawlError('invalid_input', 'expected a body in UTF-8, got other bytes');
  }
}

function problemOf(value: unknown, depthMax: number, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === depthMax) return tooDeep(depthMax);
  // zod's record would drop the key silently.
  if (Object.hasOwn(value, '__proto__')) return 'expected no key __proto__: choose another one';
  for (const inner of Object.values(value)) {
    const problem = problemOf(inner, depthMax, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
