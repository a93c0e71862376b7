/** Answers of JSON: compressed where they are long, and not sent again to who has them. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';

/** A shorter one takes longer to compress than to send. */
const COMPRESSED_CHARS_MIN = 8 * 1024;
/** As fast as a local network, and a fifth of the length. */
const LEVEL = 4;

const compress = promisify(gzip);

/** @param isTagged what is answered seldom changes: a client that has it (`If-None-Match`) is told so in its place */
export async function answerJson(context: Context, value: object, isTagged = false): Promise<Response> {
  const text = JSON.stringify(value);
  if (isTagged) {
    // Weak, because the same tag is on what is compressed and on what is not.
    const tag = `W/"${createHash('sha256').update(text).digest('base64url')}"`;
    context.header('ETag', tag);
    // To be asked for each time, because who may read it can change; and kept by nobody on the way.
    context.header('Cache-Control', 'private, no-cache');
    if (hasTag(context.req.header('if-none-match'), tag)) return context.body(null, 304);
  }
  if (text.length < COMPRESSED_CHARS_MIN) return context.body(text, 200, JSON_TYPE);
  context.header('Vary', 'Accept-Encoding', { append: true });
  if (!takesGzip(context.req.header('accept-encoding'))) return context.body(text, 200, JSON_TYPE);
  context.header('Content-Encoding', 'gzip');
  return context.body(new Uint8Array(await compress(text, { level: LEVEL })), 200, JSON_TYPE);
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Weak comparison: whether a tag is weak makes no difference. Pure. */
export const hasTag = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some((one) => ['*', opaqueOf(tag)].includes(opaqueOf(one)));

const opaqueOf = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Pure. */
export const takesGzip = (header: string | undefined): boolean =>
  (header ?? '').split(',').some((one) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(one));
