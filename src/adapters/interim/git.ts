/**
 * The one way the engine runs git. It runs no hook, filter, fsmonitor or other program that a repository names, signs
 * nothing, never prompts and speaks to local paths only. execa rather than simple-git, because exit codes are answers
 * here (`merge-tree` conflicts with 1), trees go in by stdin, and each call has its own index or date.
 */
import { execa } from 'execa';
import { PawlError } from '../../domain/failures.ts';

export type Setting = readonly [key: string, value: string];

export interface GitPlace {
  readonly cwd: string;
  readonly gitDir?: string;
  readonly workTree?: string;
  readonly settings?: readonly Setting[];
}
export interface GitOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly answers?: readonly number[];
}
export interface GitAnswer {
  readonly code: number;
  readonly out: string;
}

const IDENTITY = { name: 'Pawl', email: 'pawl@localhost' };
const SETTINGS: readonly Setting[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.quotePath', 'false'],
  ['core.alternateRefsCommand', 'true'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['submodule.recurse', 'false'],
  ['advice.addEmbeddedRepo', 'false'],
  ['diff.external', ''],
];

const environment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: 'true',
  GIT_EDITOR: 'true',
  GIT_PAGER: 'cat',
  GIT_ALLOW_PROTOCOL: 'file',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_AUTHOR_NAME: IDENTITY.name,
  GIT_AUTHOR_EMAIL: IDENTITY.email,
  GIT_COMMITTER_NAME: IDENTITY.name,
  GIT_COMMITTER_EMAIL: IDENTITY.email,
});

export async function git(place: GitPlace, args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> {
  const { exitCode, stdout, stderr, originalMessage } = await execa('git', args, {
    cwd: place.cwd,
    extendEnv: false,
    env: {
      ...environment(),
      ...asVariables([...SETTINGS, ...(place.settings ?? [])]),
      ...(place.gitDir === undefined ? {} : { GIT_DIR: place.gitDir }),
      ...(place.workTree === undefined ? {} : { GIT_WORK_TREE: place.workTree }),
      ...options.environment,
    },
    input: options.input ?? '',
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 256 * 1024 * 1024,
  });
  const code = exitCode ?? -1;
  if (code === 0 || options.answers?.includes(code)) return { code, out: stdout };
  if (exitCode === undefined && stderr === '') {
    throw new PawlError('precondition', `git cannot be run (${originalMessage}): install git 2.38 or newer`);
  }
  throw new GitError(args[0] ?? 'git', code, stderr.trim());
}

const asVariables = (settings: readonly Setting[]): Record<string, string> =>
  Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(settings.length)],
    ...settings.flatMap(([key, value], n) => [
      [`GIT_CONFIG_KEY_${n}`, key],
      [`GIT_CONFIG_VALUE_${n}`, value],
    ]),
  ]);

export const gitLine = async (place: GitPlace, args: readonly string[], options?: GitOptions): Promise<string> =>
  (await git(place, args, options)).out.trimEnd();

export class GitError extends Error {
  readonly code: number;
  readonly words: string;
  constructor(command: string, code: number, words: string) {
    super(`git ${command} exited with ${code}: ${words}`);
    this.name = 'GitError';
    this.code = code;
    this.words = words;
  }
}

export function neutralSettings(names: readonly string[]): Setting[] {
  return names.flatMap((name): Setting[] => {
    const last = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
    if (/^filter\./i.test(name)) return [[name, last === 'required' ? 'false' : '']];
    if (/^(diff|difftool|merge|mergetool)\..*\.(command|textconv|driver|cmd)$/i.test(name)) return [[name, '']];
    return [];
  });
}

export const hasFilters = (names: readonly string[]): boolean =>
  names.some((name) => /^filter\..*\.(clean|smudge|process)$/i.test(name));

export async function foreign(repository: string): Promise<GitPlace & { readonly filters: boolean }> {
  const names = await configurationNames(repository);
  return { cwd: repository, settings: neutralSettings(names), filters: hasFilters(names) };
}

async function configurationNames(repository: string): Promise<string[]> {
  const { out } = await git({ cwd: repository }, ['config', '--list', '--name-only', '-z']);
  return [...new Set(out.split('\0').filter((name) => name !== ''))];
}
