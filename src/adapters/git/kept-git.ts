/**
 * Programs of git's that stay for a while after they have answered, because the steps of a task ask in bursts and most of a
 * short answer is the start of who gives it. (Gitaly does so for `cat-file`.) One sees what is written after its start: refs,
 * loose objects, new packs. Settings and alternates it has read once, so it never grows old; and in a folder that was removed
 * it stays, so one that is made anew at that path has another.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type OpenGit, openGit } from './open-git.ts';
import type { GitPlace } from './run-git.ts';

/** One that is asked, and answers. */
export interface Talk {
  write(text: string): void;
  /** The next line of its answer, without its end. @throws as `git` does where there is none */
  line(): Promise<string>;
  /** The next bytes of its answer. @throws as `line` */
  take(size: number): Promise<Buffer>;
  /** More than this is too much for one answer. */
  readonly bytesMax: number;
  /** Ends it. @throws GitError */
  tooMuch(): Promise<never>;
}

const IDLE_MS_MAX = 10_000;
const AGE_MS_MAX = 60_000;
const IDLE_MAX = 30;

/** By place, what is there, and command: at most one for each, the longest idle first. */
const idle = new Map<string, Kept>();

/**
 * @param ask reads the whole answer; it is asked a second time where a program that was kept does not answer
 * @throws as `git` does for a program that ends before it has answered
 */
export async function askKept<T>(
  place: GitPlace,
  args: readonly string[],
  ask: (talk: Talk) => Promise<T>,
): Promise<T> {
  const key = JSON.stringify([place, await foldersOf(place), args]);
  const waiting = idle.get(key);
  idle.delete(key);
  if (waiting?.isFresh() === true) {
    try {
      return await askOne(key, waiting, ask);
    } catch {
      // It was ended meanwhile, or its repository is another one by now: a new one says what is so.
    }
  } else waiting?.close();
  return askOne(key, keptOf(openGit(place, args)), ask);
}

/** Which folders the place has now. A file system gives the number of a removed one to the next. */
const foldersOf = ({ cwd, env }: GitPlace): Promise<readonly string[]> =>
  Promise.all(
    [cwd, resolve(cwd, env?.GIT_DIR ?? '.git')].map(async (path) => {
      const found = await stat(path, { bigint: true }).catch(() => undefined);
      return found === undefined ? '' : `${found.dev} ${found.ino} ${found.birthtimeNs}`;
    }),
  );

/** One that has answered wholly may be asked again. */
async function askOne<T>(key: string, kept: Kept, ask: (talk: Talk) => Promise<T>): Promise<T> {
  try {
    kept.wake();
    const answer = await ask(kept.talk);
    keep(key, kept);
    return answer;
  } catch (error) {
    kept.close();
    throw error;
  }
}

function keep(key: string, kept: Kept): void {
  // Another one has come back before.
  if (idle.has(key) || !kept.isFresh()) {
    kept.close();
    return;
  }
  idle.set(key, kept);
  kept.rest(() => idle.delete(key));
  for (const [oldest, other] of [...idle].slice(0, -IDLE_MAX)) {
    idle.delete(oldest);
    other.close();
  }
}

interface Kept {
  readonly talk: Talk;
  isFresh(): boolean;
  wake(): void;
  /** Nobody needs it now: it keeps no process alive, and ends in a while. */
  rest(ends: () => void): void;
  close(): void;
}

function keptOf(open: OpenGit): Kept {
  const startedMs = performance.now();
  const { write, bytesMax, tooMuch } = open;
  let resting: NodeJS.Timeout | undefined;
  return {
    talk: { write, bytesMax, tooMuch, ...answersOf(open) },
    isFresh: () => performance.now() - startedMs < AGE_MS_MAX,
    wake() {
      clearTimeout(resting);
      open.hold();
    },
    rest(ends) {
      open.letGo();
      resting = setTimeout(() => {
        ends();
        open.close();
      }, IDLE_MS_MAX).unref();
    },
    close() {
      clearTimeout(resting);
      open.close();
    },
  };
}

/** What a program prints, as it is wanted. */
function answersOf({ next, ended }: OpenGit): Pick<Talk, 'line' | 'take'> {
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<Buffer> => (await next()) ?? ended();
  return {
    async line() {
      const parts = [rest];
      for (let part = rest; !part.includes('\n'); parts.push(part)) part = await more();
      const all = Buffer.concat(parts);
      const end = all.indexOf('\n');
      rest = all.subarray(end + 1);
      return all.toString('utf8', 0, end);
    },
    async take(size) {
      const parts = [rest];
      for (let has = rest.length; has < size; has += parts.at(-1)?.length ?? 0) parts.push(await more());
      const all = Buffer.concat(parts);
      rest = all.subarray(size);
      return all.subarray(0, size);
    },
  };
}
