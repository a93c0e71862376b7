/** The pull requests that Pawl itself keeps: one file each, whole or absent, numbered per repository. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../sync-folder.ts';

const PullRequestRecord = z.object({
  number: z.int().min(1),
  task: z.string(),
  title: z.string(),
  body: z.string(),
  repository: z.string(),
  base: z.string(),
  branch: z.string(),
  commit: z.string(),
  state: z.enum(['open', 'merged']),
  /** The effect that made it, and the one that changed it last. */
  key: z.string(),
  createdAt: z.string(),
  mergedCommit: z.string().exactOptional(),
  takeCommand: z.string().exactOptional(),
});
export type PullRequestRecord = z.infer<typeof PullRequestRecord>;

/** One repository's. Whoever writes holds the repository's lock. */
export interface PullRequests {
  ofTask(task: string): Promise<PullRequestRecord | undefined>;
  nextNumber(): Promise<number>;
  write(record: PullRequestRecord): Promise<void>;
  pathOf(record: Pick<PullRequestRecord, 'number' | 'task'>): string;
}

/** `<number>.<task>.json`: found by task without opening every file. */
const NAME = /^(\d+)\.([a-z0-9-]+)\.json$/;

export function createPullRequests(folder: string): PullRequests {
  const entries = async () =>
    (await readdir(folder).catch(ignoreMissing)).flatMap((name) => {
      const [, number, task] = NAME.exec(name) ?? [];
      return number === undefined || task === undefined
        ? []
        : [{ number: Number(number), task, path: join(folder, name) }];
    });
  const pathOf: PullRequests['pathOf'] = ({ number, task }) => join(folder, `${number}.${task}.json`);
  return {
    async ofTask(task) {
      const found = (await entries()).find((entry) => entry.task === task);
      return found && PullRequestRecord.parse(JSON.parse(await readFile(found.path, 'utf8')));
    },
    nextNumber: async () => 1 + Math.max(0, ...(await entries()).map(({ number }) => number)),
    async write(record) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const unfinished = join(folder, `.${randomUUID()}`);
      const file = await open(unfinished, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, pathOf(record));
      await syncFolder(folder);
    },
    pathOf,
  };
}

function ignoreMissing(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}
