/**
 * Pull requests that Pawl keeps itself: one file each, `<number>-<task>.json` in the repository's folder. The name says
 * what must be unique, so that a pull request comes into being by one rename. Used under the repository's lock.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { readWhole, writeWhole } from '../../files/atomic-file.ts';

export const KeptPullRequest = z.strictObject({
  number: z.int().min(1),
  task: z.string(),
  repository: z.string(),
  base: z.string(),
  branch: z.string(),
  commit: z.string(),
  title: z.string(),
  body: z.string(),
  /** Key of the effect that wrote it last. */
  key: z.string(),
  createdAt: z.string(),
  /** When `commit` became what it is; the merge commit carries this time, so that made twice it is the same. */
  updatedAt: z.string(),
  /** Set once the base branch holds the merge, or the merge waits for the user to take it. */
  merged: z
    .strictObject({
      commit: z.string(),
      takeCommand: z.string().exactOptional(),
      takeReason: z.string().exactOptional(),
    })
    .exactOptional(),
});
export type KeptPullRequest = z.infer<typeof KeptPullRequest>;

const FILE_NAME = /^(\d+)-(.+)\.json$/;

/** The pull request of a task, and the number that the next new one gets. */
export async function findPullRequest(
  folder: string,
  task: string,
): Promise<{ readonly kept?: KeptPullRequest; readonly nextNumber: number }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder)).flatMap((name) => FILE_NAME.exec(name) ?? []);
  let nextNumber = 1;
  let own: string | undefined;
  for (let at = 0; at < names.length; at += 3) {
    nextNumber = Math.max(nextNumber, Number(names[at + 1]) + 1);
    if (names[at + 2] === task) own = names[at];
  }
  return own === undefined ? { nextNumber } : { nextNumber, kept: await readPullRequest(join(folder, own)) };
}

export const pathOfPullRequest = (
  folder: string,
  { number, task }: Pick<KeptPullRequest, 'number' | 'task'>,
) => join(folder, `${number}-${task}.json`);

export const writePullRequest = (folder: string, kept: KeptPullRequest): Promise<void> =>
  writeWhole(pathOfPullRequest(folder, kept), `${JSON.stringify(kept, undefined, 2)}\n`, 'durable');

async function readPullRequest(path: string): Promise<KeptPullRequest> {
  try {
    return KeptPullRequest.parse(JSON.parse((await readWhole(path)) ?? ''));
  } catch (error) {
    throw new PawlError('internal', `${path} is damaged: restore it from a backup, or remove it`, {
      cause: error,
    });
  }
}
