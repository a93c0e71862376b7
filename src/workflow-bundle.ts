/**
 * The workflows as one file of code for the worker's sandbox, made ahead of time: in the npm package by its build, in a
 * clone once per content of what goes into it, so that only a changed workflow costs a second of bundling.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { modulePath } from './module-path.ts';

const here = import.meta.dirname;
const packaged = import.meta.filename.endsWith('.js');

/** Where the build of the npm package puts the bundle, beside the compiled sources. */
const PACKAGED_BUNDLE = join(here, 'workflows.bundle.js');

/**
 * Each workflow would evaluate these, and all that they import, for itself: a megabyte of memory each, and a tenth of the time of
 * a short one. Preloaded, all share them, so no module of workflows keeps state: what is a workflow's own is in its globals.
 */
const PRELOADED = ['workflows/activations', 'workflows/index'];

/** Bundles that a clone keeps: those of the branches one switches between. */
const KEPT_BUNDLES_MAX = 5;

/** The bundle to give to a worker. Idempotent; processes at the same time each get a whole file. */
export async function workflowBundle(): Promise<{ codePath: string }> {
  if (packaged) return { codePath: PACKAGED_BUNDLE };
  const root = dirname(here);
  const cache = join(root, 'node_modules', '.cache', 'pawl');
  for (;;) {
    const digest = digestOfSources(root);
    const codePath = join(cache, `workflow-bundle-${digest}.js`);
    if (existsSync(codePath)) {
      // The time of use is what pruning goes by.
      const now = new Date();
      await utimes(codePath, now, now);
      return { codePath };
    }
    const built = `${codePath}.${randomUUID()}`;
    await buildWorkflowBundle(built);
    // Sources that change meanwhile (a pull under an engine that runs) are not what the digest says.
    if (digestOfSources(root) === digest) await rename(built, codePath);
    else await rm(built);
    await prune(cache);
  }
}

/** Bundles the workflows beside this file into `codePath`, which appears whole or not at all. */
export async function buildWorkflowBundle(codePath: string): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: modulePath('workflows/index'),
    payloadConverterPath: modulePath('workflows/payload-converter'),
    workflowInterceptorModules: [modulePath('workflows/activations')],
    preloadModules: PRELOADED.map(modulePath),
    // Stacks name files and lines all the same; with the sources' text it is twice as large, and read twice at each start.
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
    logger: new DefaultLogger('WARN'),
  });
  await mkdir(dirname(codePath), { recursive: true });
  const unfinished = `${codePath}.${randomUUID()}`;
  try {
    await writeFile(unfinished, code);
    await rename(unfinished, codePath);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** How it is made, as this process does it: the file may have changed since. */
const OWN_SOURCE = readFileSync(import.meta.filename);

/**
 * Everything that decides what is in the bundle: the sources, the packages' versions, and how it is made. Read in this thread,
 * because a start waits for it: two hundred small files, each by way of another thread, take four times as long.
 */
function digestOfSources(root: string): string {
  const hash = createHash('sha256').update(OWN_SOURCE);
  const files = [join(root, 'package-lock.json')];
  for (const folder of ['workflows', 'domain']) {
    const entries = readdirSync(join(here, folder), { recursive: true, withFileTypes: true });
    files.push(
      ...entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    );
  }
  for (const file of files.sort()) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

async function prune(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => name.startsWith('workflow-bundle-'));
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      usedMs: (await stat(join(cache, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  aged.sort((a, b) => b.usedMs - a.usedMs);
  for (const { name } of aged.slice(KEPT_BUNDLES_MAX)) await rm(join(cache, name), { force: true });
}
