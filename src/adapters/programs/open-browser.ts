/** Opens an address in the browser of the person who sits here, by the program that the desktop has for it. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, searchPath } from './environment.ts';
import { findProgram } from './find-program.ts';

/** What opens an address; the first that is there. The second is Windows' own browser, from WSL. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  linux: ['xdg-open', 'wslview'],
};
/** One of these says where a window can be shown. Without one, xdg-open looks for a browser of the terminal. */
const DISPLAYS = ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'];
/** Some stay as long as the browser does. One that has not failed by then has opened it. */
const FAILS_WITHIN_MS = 3_000;

export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly environment: Environment;
  /** For tests. */
  readonly failsWithinMs?: number;
}

/**
 * Started as a program with one argument, without a shell; it outlives this process.
 * @returns why it could not be opened; undefined where it was, as far as that can be known
 */
export async function openBrowser(
  url: URL,
  desktop: Desktop = { platform: process.platform, environment: process.env },
): Promise<string | undefined> {
  const { platform, environment } = desktop;
  const openers = OPENERS[platform] ?? [];
  if (platform === 'linux' && DISPLAYS.every((name) => !environment[name]))
    return 'this shell has no display';
  const place = { path: searchPath(environment), cwd: '/' };
  const program = openers.map((name) => findProgram(name, place)).find((path) => path !== undefined);
  if (program === undefined)
    return `found none of ${openers.join(', ') || 'the programs known'} to open it with`;
  return started(program, url, desktop);
}

async function started(
  program: string,
  url: URL,
  { environment, failsWithinMs = FAILS_WITHIN_MS }: Desktop,
): Promise<string | undefined> {
  // A browser has no use for the token, and lives longer than whoever gave it to this shell may think.
  const { PAWL_TOKEN: _, ...env } = environment;
  const child = spawn(program, [url.href], { detached: true, stdio: 'ignore', env });
  child.unref();
  const failed = new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) =>
      resolve(code === 0 ? undefined : `${program} ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  const enough = new AbortController();
  const patience = sleep(failsWithinMs, undefined, { signal: enough.signal }).catch(() => undefined);
  return Promise.race([failed, patience]).finally(() => enough.abort());
}
