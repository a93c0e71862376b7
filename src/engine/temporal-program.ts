/**
 * The programs that the engine starts, as set-up provides them: `temporal` from PATH when its server is new enough, else
 * from the per-user cache. Set-up is plain JavaScript under scripts/, in a clone and in the npm package alike.
 */
import { findTemporal, provideTemporal, SetupError } from '../../scripts/setup/programs.mjs';
import { PawlError } from '../domain/failures.ts';

/**
 * Path of the `temporal` program; where there is none, it is fetched or built first (minutes, shown on stderr).
 * Idempotent; several at once wait for one another.
 * @throws PawlError `unavailable` saying what was tried and every way out
 */
export async function temporalProgram(
  env: NodeJS.ProcessEnv = process.env,
  provide: typeof provideTemporal = provideTemporal,
): Promise<string> {
  const found = findTemporal(env);
  if (found !== undefined) return found.path;
  try {
    return (await provide(env)).path;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const words = `${error.message}. Either ${error.ways.join(', or ')}`;
    throw new PawlError('unavailable', words, { details: { tried: error.tried }, cause: error });
  }
}
