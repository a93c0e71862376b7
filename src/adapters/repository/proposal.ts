/**
 * Proposes a `pawl.yaml` from what a repository has, and writes it whole or not at all. A proposal is read by a person
 * before it counts: it says for each line where it comes from.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { CONFIGURATION_FILE } from '../../domain/configuration-name.ts';
import { PawlError } from '../../domain/failures.ts';
import { ecosystemsOf, type Found } from './ecosystems.ts';

/** Files a proposal reads are a person's own; a bigger one is no package description. */
const READ_BYTES_MAX = 1024 * 1024;

export interface Proposal {
  /** The repository's top folder. */
  readonly repository: string;
  readonly path: string;
  readonly text: string;
  /** Whether anything was found that could check a change. */
  readonly hasChecks: boolean;
  /** Files from which nothing could be taken, with the reason, for a person. */
  readonly problems: readonly string[];
}

/** @throws PawlError `precondition` when `folder` is in no git repository */
export async function proposeConfiguration(folder: string): Promise<Proposal> {
  const repository = topOf(folder);
  const found = await ecosystemsOf({
    has: (name) => existsSync(join(repository, name)),
    read: (name) => readIfSmall(join(repository, name)),
  });
  return {
    repository,
    path: join(repository, CONFIGURATION_FILE),
    text: textOf(found),
    hasChecks: found.some(({ checks }) => checks.length > 0),
    problems: found.flatMap(({ from, problem }) => (problem === undefined ? [] : [`${from}: ${problem}`])),
  };
}

/**
 * Writes the proposal beside its place and moves it there in one step.
 * @throws PawlError `conflict` when there is a file and `overwrite` is false
 */
export async function writeProposal({ path, text }: Proposal, overwrite: boolean): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await (overwrite ? rename(draft, path) : link(draft, path));
  } catch (error) {
    throw asPawlError(error, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function asPawlError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST') {
    return new PawlError(
      'conflict',
      `${path} is there already: --print shows the proposal, --force overwrites it`,
    );
  }
  if (code === undefined) return error;
  return new PawlError(
    'precondition',
    `${path} cannot be written (${code}): check the folder, or use --print`,
    { cause: error },
  );
}

/** The nearest folder upwards with a `.git`; read without git, because a proposal needs no commit. */
function topOf(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) break;
  }
  throw new PawlError(
    'precondition',
    `expected a git repository, ${resolve(folder)} is in none: run git init first`,
  );
}

async function readIfSmall(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(ifAbsent);
  if (found === undefined || !found.isFile() || found.size > READ_BYTES_MAX) return undefined;
  return readFile(path, 'utf8');
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}

function textOf(found: readonly Found[]): string {
  const setups = found.flatMap(({ from, setup }) => (setup === undefined ? [] : [{ from, setup }]));
  const checks = found.flatMap(({ from, checks: some }) => some.map((run) => ({ from, run })));
  const lines = [
    '# How Pawl sets up and checks this repository. It is read from the base branch, so commit it.',
    '',
  ];
  const [first] = setups;
  if (first !== undefined) {
    const whole = setups.map(({ setup }) => setup).join(' && ');
    const setup = setups.length === 1 ? first.setup : ['sh', '-c', whole];
    lines.push(`# Runs once in each new workspace (${setups.map(({ from }) => from).join(', ')}).`);
    lines.push(`setup: ${stringify(setup, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()}`, '');
  }
  if (checks.length === 0) {
    return `${[...lines, '# No test, lint or build command was found. Without a check every result is unverified.', '# checks:', '#   - make test'].join('\n')}\n`;
  }
  lines.push('# The engine itself runs these on every change; all have to exit with 0.', 'checks:');
  for (const { from, run } of checks)
    lines.push(`  - ${stringify(run, { lineWidth: 0 }).trimEnd()} # ${from}`);
  return `${lines.join('\n')}\n`;
}
