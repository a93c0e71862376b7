/** The states in which people leave a checkout of `main`, what a merge is to do about each, and how people go on. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { put, scratchFolder, userGit } from '../../scratch-repository.ts';
import { A_MINE } from './layouts.ts';
import { commitMine, type State, UNDER_WAY } from './under-way.ts';

const gitPath = (checkout: string, name: string) =>
  resolve(checkout, userGit(checkout, 'rev-parse', '--git-path', name));
const locking = (name: string) => ({
  make: (checkout: string) => put('/', { [gitPath(checkout, name)]: '' }),
  kept: new RegExp(`^another git holds .*${name}`),
  goOn: (checkout: string) => rmSync(gitPath(checkout, name)),
});
const removing = (path: string) => (checkout: string) =>
  rmSync(join(checkout, path), { recursive: true, force: true });
const filter = (checkout: string) => {
  userGit(checkout, 'config', 'filter.turn.clean', 'tr a-y b-z');
  userGit(checkout, 'config', 'filter.turn.smudge', 'tr b-z a-y');
};
const attributesOf = (checkout: string, text: string) => {
  const path = gitPath(checkout, 'info/attributes');
  mkdirSync(join(path, '..'), { recursive: true });
  appendFileSync(path, text);
};
const hidden = (mark: string): State => ({
  make: (checkout) => {
    userGit(checkout, 'update-index', `--${mark}`, 'a.txt');
    put(checkout, { 'a.txt': A_MINE });
  },
  kept: /^a\.txt in .* has changes that git is told not to show/,
  goOn: (checkout) => {
    userGit(checkout, 'update-index', `--no-${mark}`, 'a.txt');
    commitMine(checkout);
  },
});

export const STATES: Readonly<Record<string, State>> = {
  clean: {},
  'an untracked file elsewhere': { make: (checkout) => put(checkout, { 'mine.txt': 'mine' }) },
  'an ignored file elsewhere': { make: (checkout) => put(checkout, { 'ignored/mine': 'mine' }) },
  'an untracked file in a folder of the change': {
    make: (checkout) => put(checkout, { 'new/mine.txt': 'mine' }),
  },
  'a file that was only touched': {
    make: (checkout) => utimesSync(join(checkout, 'a.txt'), 1, 1),
  },
  'a changed file': {
    make: (checkout) => put(checkout, { 'src/b.txt': 'mine' }),
    kept: /has changes that are not committed \(src\/b\.txt\)$/,
    goOn: commitMine,
  },
  'a changed file that the change is about': {
    make: (checkout) => put(checkout, { 'a.txt': A_MINE }),
    kept: /has changes that are not committed \(a\.txt\)$/,
    goOn: commitMine,
  },
  'a staged file': {
    make: (checkout) => {
      put(checkout, { 'staged.txt': 'mine' });
      userGit(checkout, 'add', 'staged.txt');
    },
    kept: /has changes that are not committed \(staged\.txt\)$/,
    goOn: commitMine,
  },
  'a removed file': {
    make: removing('src/b.txt'),
    kept: /has changes that are not committed \(src\/b\.txt\)$/,
    goOn: commitMine,
  },
  'an untracked file in the way': {
    make: (checkout) => put(checkout, { 'new/n.txt': 'mine' }),
    kept: /^new\/n\.txt, which git does not know, is in the way in /,
    goOn: removing('new'),
  },
  'an ignored file in the way': {
    make: (checkout) => {
      put(checkout, { 'new/n.txt': 'mine' });
      put('/', { [gitPath(checkout, 'info/exclude')]: 'new\n' });
    },
    kept: /^new\/n\.txt, which git ignores, is in the way in .*: move it away first$/,
    goOn: removing('new'),
  },
  'a file in the way that another file of rules ignores': {
    make: (checkout) => {
      put(checkout, { 'new/n.txt': 'mine' });
      const rules = scratchFolder('rules');
      put(rules, { 'my ignore': 'n.txt\n' });
      userGit(checkout, 'config', 'core.excludesFile', join(rules, 'my ignore'));
    },
    kept: /^new\/n\.txt, which git ignores, is in the way in .*: move it away first$/,
    goOn: removing('new'),
  },
  'an ignored file where a folder is to be': {
    make: (checkout) => {
      put(checkout, { new: 'mine' });
      put('/', { [gitPath(checkout, 'info/exclude')]: 'new\n' });
    },
    kept: /^new, which git ignores, is in the way in .*: move it away first$/,
    goOn: removing('new'),
  },
  'a file where a folder is to be': {
    make: (checkout) => put(checkout, { new: 'mine' }),
    kept: /^new, which git does not know, is in the way in /,
    goOn: removing('new'),
  },
  'a link where a folder is to be': {
    make: (checkout) => symlinkSync(scratchFolder('outside'), join(checkout, 'new')),
    kept: /^new, which git does not know, is in the way in /,
    goOn: removing('new'),
  },
  'an untracked file in a folder that becomes a file': {
    make: (checkout) => put(checkout, { 'form/mine.txt': 'mine' }),
    kept: /^form\/mine\.txt, which git does not know, is in the way in /,
    goOn: removing('form/mine.txt'),
  },
  'an ignored file in a folder that becomes a file': {
    make: (checkout) => put(checkout, { 'form/deep/mine.log': 'mine' }),
    kept: /^form\/deep\/mine\.log, which git ignores, is in the way in .*: move it away first$/,
    goOn: removing('form/deep'),
  },
  'an ignored file in the way, and a changed one': {
    make: (checkout) => put(checkout, { 'form/mine.log': 'mine', 'src/b.txt': 'mine' }),
    kept: /has changes that are not committed \(src\/b\.txt\)$/,
    goOn: (checkout) => {
      removing('form/mine.log')(checkout);
      userGit(checkout, 'checkout', '-q', '--', 'src/b.txt');
    },
  },
  ...UNDER_WAY,
  'an index that another git holds': locking('index.lock'),
  'a HEAD that another git holds': locking('HEAD.lock'),
  'a base that another git holds': locking('refs/heads/main.lock'),
  'a sparse checkout': { make: (checkout) => void userGit(checkout, 'sparse-checkout', 'set', 'src') },
  'a sparse checkout with a sparse index': {
    make: (checkout) => void userGit(checkout, 'sparse-checkout', 'set', '--sparse-index', 'src'),
  },
  'a file that is hidden from git by skip-worktree, elsewhere': {
    make: (checkout) => {
      userGit(checkout, 'update-index', '--skip-worktree', 'src/b.txt');
      put(checkout, { 'src/b.txt': 'mine' });
    },
  },
  'a file that is hidden from git by skip-worktree': hidden('skip-worktree'),
  'a file that is assumed to be unchanged': hidden('assume-unchanged'),
  'a filter on a file of the change': {
    make: (checkout) => {
      filter(checkout);
      attributesOf(checkout, 'new/*.txt filter=turn\n');
    },
    kept: /^new\/n\.txt goes through the filter turn, which only your own git may run$/,
  },
  'a filter that only an untracked file names': {
    make: (checkout) => {
      filter(checkout);
      put(checkout, { '.gitattributes': 'new/*.txt filter=turn\n' });
    },
    kept: /^new\/n\.txt goes through the filter turn, which only your own git may run$/,
  },
  'a filter on a file elsewhere': {
    make: (checkout) => {
      filter(checkout);
      attributesOf(checkout, 'src/* filter=turn\n');
      rmSync(join(checkout, 'src/b.txt'));
      userGit(checkout, 'checkout', '-q', '--', 'src/b.txt');
      if (readFileSync(join(checkout, 'src/b.txt'), 'utf8') !== 'a\n') throw new Error('expected a filter');
      utimesSync(join(checkout, 'src/b.txt'), 1, 1);
    },
  },
  'a changed file with a filter': {
    make: (checkout) => {
      filter(checkout);
      attributesOf(checkout, 'src/* filter=turn\n');
      put(checkout, { 'src/b.txt': 'changed\n' });
    },
    kept: /^src\/b\.txt goes through the filter turn, which only your own git may run$/,
    goOn: commitMine,
  },
  'line ends of another kind': {
    make: (checkout) => {
      userGit(checkout, 'config', 'core.autocrlf', 'true');
      attributesOf(checkout, 'new/*.txt text eol=crlf\n');
    },
  },
  'a second working tree with the base': {
    make: (checkout) =>
      void userGit(checkout, 'worktree', 'add', '-q', '-f', join(scratchFolder('second'), 'tree'), 'main'),
    kept: /^main is checked out in .* and in /,
    goOn: (checkout) => {
      const [, ...others] = userGit(checkout, 'worktree', 'list', '--porcelain').split('\n\n');
      const second = others.find((entry) => entry.includes('-second/tree'))?.split('\n')[0];
      userGit(checkout, 'worktree', 'remove', second?.slice('worktree '.length) ?? '');
    },
  },
};
