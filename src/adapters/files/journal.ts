/**
 * What runs on this host, as a folder of `<id>.jsonl`: a header, then facts as they become known, each on disk before
 * it counts. A line torn by a kill ends the file as far as it is told; a header is never torn, because its file gets its name last.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Journal, JournalFacts, JournalOwner, LeftOver } from '../../activities/ports/journal-port.ts';
import { LIMITS } from '../../domain/limits.ts';
import { Checkpoint, Usage } from '../../domain/task-state.ts';
import { isRunning } from '../programs/processes.ts';
import { syncFolder } from './sync-folder.ts';

const SUFFIX = '.jsonl';
/** An entry that has no name yet: `<anything>.<worker>.draft`. */
const DRAFT = '.draft';
const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  .max(LIMITS.journalIdCharsMax);

const Header = z.object({
  id: Id,
  workflowId: z.string(),
  runId: z.string(),
  activityId: z.string(),
  activityType: z.string(),
  mark: z.string(),
  input: z.unknown().exactOptional(),
  taskToken: z.string().exactOptional(),
  owner: z.object({ pid: z.int(), startedAt: z.string(), worker: z.string().exactOptional() }),
});
/** What older versions noted besides is passed over. */
const Facts = z.object({
  checkpoint: Checkpoint.exactOptional(),
  usage: Usage.exactOptional(),
  report: z
    .object({
      status: z.enum(['done', 'blocked']),
      summary: z.string(),
      outputs: z.record(z.string(), z.unknown()).exactOptional(),
      session: z.string().exactOptional(),
      usage: Usage.exactOptional(),
    })
    .exactOptional(),
  waits: z.boolean().exactOptional(),
});

/** @param ownerRuns whether the worker that wrote an entry is still there */
export function createJournal(
  folder: string,
  ownerRuns: (owner: JournalOwner) => boolean = isRunning,
): Journal {
  // A wrong id is a bug of ours, so it is not answered in words for a user.
  const pathOf = (id: string) => join(folder, `${Id.parse(id)}${SUFFIX}`);
  const remove = async (id: string) => {
    await rm(pathOf(id), { force: true });
    await syncFolder(folder);
  };
  /** Its worker was killed before the entry counted: nothing of it had begun. */
  const isForsaken = (name: string): boolean =>
    name.endsWith(DRAFT) && !ownerRuns({ pid: 0, startedAt: '', worker: name.split('.').at(-2) ?? '' });
  return {
    /** A second entry of the same id replaces the first one: the activity runs anew. */
    async open(header) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = pathOf(header.id);
      const draft = join(folder, `${randomUUID()}.${header.owner.worker ?? ''}${DRAFT}`);
      const first = lineOf(header);
      try {
        await writeFile(draft, first, { mode: 0o600, flush: true });
        await rename(draft, path);
        await syncFolder(folder);
      } catch (error) {
        await rm(draft, { force: true });
        await remove(header.id);
        throw error;
      }
      const append = appender(path, first.length);
      let closed: Promise<void> | undefined;
      return {
        note: (facts) => append(facts),
        close() {
          closed ??= remove(header.id);
          return closed;
        },
      };
    },

    async leftOvers(workflowId) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const all = await readdir(folder);
      for (const name of all.filter(isForsaken)) await rm(join(folder, name), { force: true });
      const names = all
        // An id begins with its workflow's, so that those of others need not be read.
        .filter((name) => name.endsWith(SUFFIX) && name.startsWith(workflowId ?? ''))
        .sort();
      const leftOvers: LeftOver[] = [];
      const inUse = new Set<string>();
      for (const name of names) {
        const leftOver = leftOverOf(await readEntry(join(folder, name)));
        if (leftOver === undefined || `${leftOver.id}${SUFFIX}` !== name) continue;
        if (workflowId !== undefined && leftOver.workflowId !== workflowId) continue;
        if (ownerRuns(leftOver.owner)) inUse.add(leftOver.mark);
        else leftOvers.push(leftOver);
      }
      return leftOvers.map((leftOver) =>
        inUse.has(leftOver.mark) ? { ...leftOver, markInUse: true } : leftOver,
      );
    },

    /** Discarding what is not there changes nothing. */
    discard: remove,
  };
}

/** What a journal file tells, however it was cut off; undefined before its header is whole. */
export function leftOverOf(text: string): LeftOver | undefined {
  // What follows the last line feed was not finished.
  const [first = '', ...rest] = text.split('\n').slice(0, -1);
  const header = parse(Header, first);
  if (header === undefined) return undefined;
  let facts: JournalFacts = {};
  for (const line of rest) {
    const more = parse(Facts, line);
    if (more === undefined) break;
    facts = { ...facts, ...more };
  }
  return { ...header, ...facts };
}

const lineOf = (facts: object): Buffer => Buffer.from(`${JSON.stringify(facts)}\n`);

/**
 * Writes one line after the other; a line that could not be written whole is taken back. The file is open only while
 * it is written: an entry that nobody closes holds nothing of the engine's. @param header bytes that are there already
 */
function appender(path: string, header: number): (line: object) => Promise<void> {
  let size = header;
  let last: Promise<void> = Promise.resolve();
  return (line) => {
    const write = async () => {
      const bytes = lineOf(line);
      const file = await open(path, constants.O_WRONLY | constants.O_APPEND);
      try {
        await file.writeFile(bytes);
        await file.datasync();
        size += bytes.length;
      } catch (error) {
        await file.truncate(size);
        throw error;
      } finally {
        await file.close();
      }
    };
    const mine = last.then(write);
    // The next line does not depend on this one; who wrote this one learns of its failure.
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** An entry may be closed by its owner between the listing and the reading. */
async function readEntry(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parse<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // damaged, and so are the lines after it
  }
}
