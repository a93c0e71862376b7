/** What is said where an engine turns out to be of another version: it lacks an operation, or answers in another form. */
import { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import type { OperationName } from '../../domain/operations.ts';
import { type Ask, type Far, jsonOf, OtherVersion, send, UnknownForm } from './exchange.ts';

const VERSION_MS_MAX = 2_000;

/**
 * @param error what the call came to
 * @returns the same, or in its place what says that the versions differ, and which one the engine has
 */
export async function withVersion(
  far: Far,
  {
    name,
    method,
    error,
  }: { readonly name: OperationName; readonly method: Ask['method']; readonly error: unknown },
): Promise<unknown> {
  // Of a task it would mean that there is none.
  const isLacking =
    error instanceof PawlError &&
    error.code === 'not_found' &&
    error.message.startsWith(`there is no ${method} /api/`);
  if (!isLacking && !(error instanceof UnknownForm)) return error;
  const engine = `the engine at ${far.api}${await versionOf(far)}`;
  const found = isLacking ? `has no operation ${name}` : 'answered in a form that this version does not know';
  const code = isLacking ? 'precondition' : 'unavailable';
  return new OtherVersion(code, `${engine} ${found}: use the same version of Pawl here and there`, {
    cause: error,
  });
}

/** In words; nothing where it does not tell. */
async function versionOf(far: Far): Promise<string> {
  const signal = AbortSignal.timeout(VERSION_MS_MAX);
  try {
    const answer = await send(far, { method: 'GET', path: '/api/health', signal });
    const health = z.object({ version: z.string().max(100) }).safeParse(await jsonOf(far, answer, signal));
    return health.success ? ` (version ${health.data.version})` : '';
  } catch (error) {
    if (error instanceof PawlError) return '';
    throw error;
  }
}
