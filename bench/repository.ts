/** A repository to be measured on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** @returns `path`, where it was made with one commit on `main` */
export async function makeRepository(path: string): Promise<string> {
  mkdirSync(path);
  const git = (...args: readonly string[]) => execa('git', args, { cwd: path });
  await git('init', '-q', '-b', 'main');
  writeFileSync(join(path, 'readme.txt'), 'A repository to be measured on.\n');
  await git('add', '--all');
  await git('-c', 'user.name=Bench', '-c', 'user.email=bench@localhost', 'commit', '-q', '-m', 'Begin');
  return path;
}
