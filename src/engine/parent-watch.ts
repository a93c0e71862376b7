/**
 * An engine in the foreground that npm started ends when that npm is gone: SIGTERM to npm ends npm and its shell and
 * leaves the engine, which nobody would then know of. An engine started otherwise lives as long as it likes.
 */
import {
  argumentsOf,
  isRunning,
  type ProcessIdentity,
  parentOf,
  startTimeOf,
} from '../adapters/programs/processes.ts';

const ASK_MS = 1_000;
/** npm, its shell, the launcher on an older Node, this process. */
const GENERATIONS_MAX = 5;
const PACKAGE_MANAGERS = /(?:^|\/)(?:npm|npx|pnpm|yarn|bun)(?:-cli)?(?:\.[cm]?js)?$/;

/**
 * Watches the processes from the parent up to the package manager, where there is one.
 * @returns a function that ends the watch
 */
export function watchParent(
  onGone: (reason: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): () => void {
  if (!env.npm_lifecycle_event) return () => undefined;
  const watched = ancestors();
  const timer = setInterval(() => {
    const gone = watched.find((one) => !isRunning(one));
    if (gone === undefined) return;
    clearInterval(timer);
    onGone(`the process that started it (pid ${gone.pid}) is gone`);
  }, ASK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The parent alone where no package manager is found: what is further up is the user's shell, which may go. */
function ancestors(): readonly ProcessIdentity[] {
  const line: ProcessIdentity[] = [];
  for (let pid = process.ppid; line.length < GENERATIONS_MAX && pid > 1; ) {
    const startedAt = startTimeOf(pid);
    if (startedAt === undefined) break;
    line.push({ pid, startedAt });
    if (isPackageManager(argumentsOf(pid))) return line;
    pid = parentOf(pid) ?? 0;
  }
  return line.slice(0, 1);
}

/** npm calls itself `npm start` in one argument once it runs. */
const isPackageManager = (commandLine: readonly string[]): boolean =>
  commandLine.slice(0, 2).some((word) => PACKAGE_MANAGERS.test(word.split(' ')[0] ?? ''));
