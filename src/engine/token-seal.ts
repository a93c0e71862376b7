/** Tokens that say by themselves what they are, under a MAC that only this home can make. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';

const PREFIX = 'pawl_';
/** `pawl_<payload>.<mac>`, both in base64url. */
const FORM = /^pawl_([\w-]{1,8000})\.([\w-]{43})$/;

export interface TokenSeal<T> {
  close(said: T): string;
  /** undefined for what this home has not made for this purpose. */
  open(text: string): T | undefined;
}

/** Whether it may be one, of whatever home and purpose. */
export const isSealedToken = (text: string): boolean => FORM.test(text);

/** @param purpose tokens of one purpose are none of another */
export function createTokenSeal<S extends z.ZodType>(
  secret: string,
  purpose: string,
  schema: S,
): TokenSeal<z.output<S>> {
  const key = Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
  const macOf = (payload: string): Buffer => createHmac('sha256', key).update(payload).digest();
  return {
    close(said) {
      const payload = Buffer.from(JSON.stringify(said)).toString('base64url');
      return `${PREFIX}${payload}.${macOf(payload).toString('base64url')}`;
    },
    open(text) {
      const [, payload = '', mac = ''] = FORM.exec(text) ?? [];
      // Both of one length, which a comparison in constant time needs; of another one nothing is to be learnt.
      const given = Buffer.from(mac, 'base64url');
      const made = macOf(payload);
      if (given.length !== made.length || !timingSafeEqual(given, made)) return undefined;
      // base64url has several texts for the same bytes: only the one that was given out is the token.
      if (made.toString('base64url') !== mac) return undefined;
      return schema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    },
  };
}
