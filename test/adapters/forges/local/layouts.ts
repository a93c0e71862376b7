/** The layouts in which people have a repository, each with the same history, made by plain git. */
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitFiles, newRepository, scratchFolder, userGit } from '../../scratch-repository.ts';

export interface Layout {
  /** The folder that a task names. */
  readonly repository: string;
  /** Where `main` is checked out; undefined where it is nowhere. */
  readonly checkout?: string;
}

const lines = (...changed: readonly (readonly [number, string])[]): string => {
  const all = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  for (const [at, text] of changed) all[at] = text;
  return `${all.join('\n')}\n`;
};

export const A_BEFORE = lines([0, 'main']);
/** As the task's change has it. */
export const A_AFTER = lines([0, 'main'], [19, 'task']);
/** As a person may have it at the same time. */
export const A_MINE = lines([0, 'main'], [10, 'mine']);

/** A few commits on `main`, and a branch `other` that conflicts with it. */
export function newSource(): string {
  const source = newRepository({
    'a.txt': lines(),
    'src/b.txt': 'b\n',
    'deep/far.txt': 'far\n',
    shape: 'a file\n',
    'form/x': 'x\n',
    'form/y': 'y\n',
    'gone.txt': 'gone\n',
    'Case.txt': 'case\n',
    '.gitignore': 'ignored/\n*.log\n',
  });
  symlinkSync('a.txt', join(source, 'link'));
  commitFiles(source, {}, 'link');
  userGit(source, 'switch', '-q', '-c', 'other');
  commitFiles(source, { 'a.txt': lines([0, 'other']) }, 'other');
  userGit(source, 'switch', '-q', 'main');
  for (let at = 0; at < 4; at += 1) commitFiles(source, { 'history.txt': `${at}\n` }, `step ${at}`);
  commitFiles(source, { 'a.txt': A_BEFORE }, 'main');
  return source;
}

const cloned = (source: string, ...options: readonly string[]): string => {
  const folder = join(scratchFolder('clone'), 'main');
  userGit(source, 'clone', '-q', ...options, source, folder);
  userGit(folder, 'branch', '-q', 'other', 'origin/other');
  return folder;
};

const linked = (repository: string, ...options: readonly string[]): string => {
  const folder = join(scratchFolder('linked'), 'tree');
  userGit(repository, 'worktree', 'add', '-q', folder, ...options);
  return folder;
};

/** `.bare`, a `.git` file that names it, and a linked working tree. */
function bareWithWorktrees(source: string) {
  const top = scratchFolder('barel');
  userGit(top, 'clone', '-q', '--bare', source, join(top, '.bare'));
  writeFileSync(join(top, '.git'), 'gitdir: ./.bare\n');
  userGit(top, 'worktree', 'add', '-q', 'main', 'main');
  userGit(top, 'worktree', 'add', '-q', '-b', 'side', 'side', 'main');
  return top;
}

export const LAYOUTS: Readonly<Record<string, (source: string) => Layout>> = {
  'a plain repository': (source) => {
    const repository = cloned(source);
    return { repository, checkout: repository };
  },
  'a plain repository in a folder of an odd name': (source) => {
    const repository = join(scratchFolder('odd'), `it's "odd" $HOME; #1 *`);
    renameSync(cloned(source), repository);
    return { repository, checkout: repository };
  },
  'a plain repository beside a working tree that was removed without git': (source) => {
    const repository = cloned(source);
    const folder = linked(repository, '-b', 'side');
    userGit(repository, 'worktree', 'remove', folder);
    mkdirSync(join(repository, '.git/worktrees/gone'), { recursive: true });
    writeFileSync(join(repository, '.git/worktrees/gone/gitdir'), `${folder}/.git\n`);
    writeFileSync(join(repository, '.git/worktrees/gone/HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(repository, '.git/worktrees/gone/commondir'), '../..\n');
    return { repository, checkout: repository };
  },
  'a linked working tree': (source) => {
    const main = cloned(source);
    userGit(main, 'switch', '-q', '-c', 'side');
    const repository = linked(main, 'main');
    return { repository, checkout: repository };
  },
  'a repository with the base in a linked working tree': (source) => {
    const repository = cloned(source);
    userGit(repository, 'switch', '-q', '-c', 'side');
    return { repository, checkout: linked(repository, 'main') };
  },
  'a linked working tree with the base in the main one': (source) => {
    const main = cloned(source);
    return { repository: linked(main, '-b', 'side'), checkout: main };
  },
  'a bare repository named by the folder around it': (source) => {
    const top = bareWithWorktrees(source);
    return { repository: top, checkout: join(top, 'main') };
  },
  'a bare repository with linked working trees': (source) => {
    const top = bareWithWorktrees(source);
    return { repository: join(top, '.bare'), checkout: join(top, 'main') };
  },
  'a linked working tree of a bare repository': (source) => {
    const top = bareWithWorktrees(source);
    return { repository: join(top, 'main'), checkout: join(top, 'main') };
  },
  'another linked working tree of a bare repository': (source) => {
    const top = bareWithWorktrees(source);
    return { repository: join(top, 'side'), checkout: join(top, 'main') };
  },
  'a separate git folder': (source) => {
    const repository = cloned(source, `--separate-git-dir=${join(scratchFolder('git'), 'folder')}`);
    return { repository, checkout: repository };
  },
  'a separate git folder with the base in a linked working tree': (source) => {
    const repository = cloned(source, `--separate-git-dir=${join(scratchFolder('git'), 'folder')}`);
    userGit(repository, 'switch', '-q', '-c', 'side');
    return { repository, checkout: linked(repository, 'main') };
  },
  'a submodule': (source) => {
    const outer = newRepository({ 'outer.txt': 'outer\n' });
    userGit(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', source, 'sub');
    const sub = join(outer, 'sub');
    userGit(sub, 'branch', '-q', 'other', 'origin/other');
    return { repository: sub, checkout: sub };
  },
  'a bare repository without a working tree': (source) => {
    const repository = join(scratchFolder('bare'), 'bare.git');
    userGit(source, 'clone', '-q', '--bare', source, repository);
    return { repository };
  },
};
