/** A body is read as the bytes of UTF-8 that it is: one that says it is something else would be read as other words. */
import { Refusal } from './refusals.ts';

/** @throws Refusal `unsupported_media_type` for one that is compressed, or written in another charset */
export function refuseEncodedBody(headers: Headers): void {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity') {
    throw new Refusal(
      'unsupported_media_type',
      'expected a body as it is, got the header Content-Encoding: send it without, uncompressed',
      { 'Accept-Encoding': 'identity' },
    );
  }
  if (charsetsIn(headers.get('content-type') ?? '').every((charset) => /^utf-?8$/.test(charset))) return;
  throw new Refusal(
    'unsupported_media_type',
    'expected a body in UTF-8, got another charset in the header Content-Type: send JSON in UTF-8',
  );
}

/** `application/json; charset="utf-8"` → `utf-8` */
function charsetsIn(type: string): readonly string[] {
  const parameters = type.toLowerCase().split(';').slice(1);
  return parameters
    .map((parameter) => parameter.split('=', 2).map((word) => word.trim()))
    .filter(([name]) => name === 'charset')
    .map(([, value = '']) => value.replace(/^"(.*)"$/, '$1'));
}
