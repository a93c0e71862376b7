/**
 * Where the compiled live page is: in the npm package beside the sources, in a clone compiled once per content of what goes
 * into it, by a process of its own, because a compiler is larger than the engine.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { PageFile } from './edge/http/pages.ts';

const here = import.meta.dirname;
const root = dirname(here);
const packaged = import.meta.filename.endsWith('.js');
const BUILD = join(root, 'scripts', 'dashboard', 'build.mjs');

/** All files of it, by their paths in it. Idempotent; in a clone whose sources have changed it takes seconds. */
export async function dashboardFiles(): Promise<readonly PageFile[]> {
  const folder = packaged ? join(here, 'dashboard') : await compiled();
  return Promise.all(
    (await filesIn(folder)).map(async (path) => ({ path, content: await readFile(join(folder, path)) })),
  );
}

async function compiled(): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'pawl', `dashboard-${await digestOfSources()}`);
  if (!existsSync(folder)) await execa(process.execPath, [BUILD, folder]);
  return folder;
}

/** Everything that decides what is in it: its sources, the types and facts that it shares, the packages' versions. */
async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const sources = ['dashboard', 'domain'].map((name) => join(here, name));
  const files = await Promise.all(
    sources.map(async (folder) => (await filesIn(folder)).map((path) => join(folder, path))),
  );
  for (const file of [BUILD, join(root, 'package-lock.json'), ...files.flat().sort()]) {
    const content = await readFile(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

/** By their paths from it, with `/`. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1).replaceAll('\\', '/')).sort();
}
