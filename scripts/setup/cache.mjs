/**
 * The per-user cache of programs that set-up provides: one folder per program and version, moved into place whole.
 * Whatever stands in it under its name is complete; what is being made lives beside it under `making/`.
 */
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { withLock } from './lock.mjs';

/** `$XDG_CACHE_HOME/pawl`, else the platform's own place. */
export function cacheFolder(env = process.env) {
  const home = env.HOME || homedir();
  // The XDG rules: a relative path is to be ignored.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'pawl');
  return process.platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'pawl')
    : join(home, '.cache', 'pawl');
}

/** The program `file` of the cached thing `name`, or undefined when it is not there. */
export function cachedProgram(name, file, env = process.env) {
  const path = join(cacheFolder(env), name, file);
  return isProgram(path) ? path : undefined;
}

/** Every program called `name` on PATH, first one first. */
export function programsOnPath(name, env = process.env) {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .filter(isProgram);
}

/**
 * Provides the thing `name`: answers what `find` finds, else waits for its turn, looks again and lets `make` fill an
 * empty folder, which then becomes `<cache>/<name>` in one step. A failure or a kill leaves nothing under that name.
 */
export async function provide({ name, find, make, onWait, env = process.env }) {
  const there = find();
  if (there !== undefined) return there;
  const cache = cacheFolder(env);
  return withLock(join(cache, 'locks', `${name}.lock`), onWait, async () => {
    const meanwhile = find();
    if (meanwhile !== undefined) return meanwhile;
    const making = join(cache, 'making');
    mkdirSync(making, { recursive: true });
    // Under the lock nobody else makes this thing: what lies here was left by a kill.
    for (const entry of readdirSync(making))
      if (entry.startsWith(`${name}-`)) removeFolder(join(making, entry));
    const folder = mkdtempSync(join(making, `${name}-`));
    try {
      const made = join(folder, await make(folder));
      removeFolder(join(cache, name));
      renameSync(made, join(cache, name));
    } finally {
      removeFolder(folder);
    }
    const found = find();
    if (found === undefined) throw new Error(`${name} was made in ${cache} but is not found there`);
    return found;
  });
}

const removeFolder = (path) => rmSync(path, { recursive: true, force: true, maxRetries: 3 });

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Not there, or not for us: either way it is no program that we can run.
  }
}
