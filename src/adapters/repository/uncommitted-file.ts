/** A file at the top of a repository's working tree as it stands, committed or not. Only looks; a link is not followed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { kindOf } from '../files/without-links.ts';
import { openRepository } from './find-repository.ts';

/**
 * Empty where it is not there.
 * @throws PawlError `precondition` for a repository without a working tree, `invalid_input` for more than `bytesMax`
 */
export async function uncommittedFile(repository: string, name: string, bytesMax: number): Promise<string> {
  const { top, bare } = await openRepository(repository);
  if (bare)
    throw new PawlError(
      'precondition',
      `${top} has no working tree, in which something could be uncommitted: name a branch of it as the base`,
    );
  const path = join(top, name);
  const kind = await kindOf(path);
  if (kind?.isFile() !== true) return '';
  if (kind.size <= bytesMax) return readFile(path, 'utf8');
  throw new PawlError('invalid_input', `${path}: expected at most ${bytesMax} bytes, got ${kind.size}`);
}
