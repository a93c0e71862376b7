/** Headers that say one thing. HTTP joins what comes several times into one text, which would be a word that nobody chose. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { PawlError } from '../../domain/failures.ts';
import { readHeader } from '../../domain/idempotency-key.ts';

/** A request that no server of Node's has read brings none of them. */
export interface HeaderEnv {
  Bindings: Partial<HttpBindings>;
}

/** @throws PawlError `invalid_input` naming the header, where it came more than once or is none that can be */
export function singleHeader<E extends HeaderEnv>(
  { req, env }: Context<E>,
  name: string,
): string | undefined {
  const count = env?.incoming?.headersDistinct[name.toLowerCase()]?.length ?? 0;
  if (count > 1)
    throw new PawlError('invalid_input', `${name}: expected it once, got it ${count} times`, {
      details: [[name]],
    });
  return readHeader(name, req.header(name));
}
