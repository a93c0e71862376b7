/** Conflicts of a base whose merge the agent makes anew in its workspace, or whose markers it calls otherwise, and leaves. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { put, userGit } from '../scratch-repository.ts';
import { conflicting, KINDS, type Kind, unsolved, writes } from './conflict-kinds.ts';

const AGENT = {
  PATH: process.env.PATH,
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@x', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@x' },
  ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_EDITOR: 'true' },
};
/** As an agent does it: whatever comes of it. */
const byAgent = (script: string) => (path: string) => {
  spawnSync('sh', ['-c', script], { cwd: path, env: AGENT });
};

const COMMIT = 'git add -A && git commit -qm merged';
const ANEW: readonly [string, (path: string) => void][] = [
  ['git merge', byAgent(`git reset -q --hard; git merge origin/main; ${COMMIT}`)],
  ['git merge, not committed', byAgent('git reset -q --hard; git merge origin/main; git add -A')],
  ['diff3', byAgent(`git reset -q --hard; git -c merge.conflictStyle=diff3 merge origin/main; ${COMMIT}`)],
  ['zdiff3', byAgent(`git reset -q --hard; git -c merge.conflictStyle=zdiff3 merge origin/main; ${COMMIT}`)],
  ['git rebase', byAgent('git reset -q --hard; git rebase origin/main; git add -A; git rebase --continue')],
  ['git cherry-pick', byAgent(`git reset -q --hard; git cherry-pick origin/main; ${COMMIT}`)],
  ['git checkout -m', byAgent(`git reset -q --hard; git merge origin/main; git checkout -m .; ${COMMIT}`)],
  [
    'git merge-file',
    byAgent(
      'git show HEAD:a.txt >o; git show origin/main:a.txt >t; git merge-file -p o .gitignore t >a.txt; rm o t',
    ),
  ],
];
const edits = (change: (text: string) => string, file: string) => (path: string) =>
  writeFileSync(join(path, file), change(readFileSync(join(path, file), 'latin1')), 'latin1');

describe('is no solution', () => {
  const lines = KINDS[0] as Kind;
  const SIZED: readonly [string, Record<string, string>, Record<string, string>][] = [
    ['', {}, {}],
    [' with short markers', {}, { '.gitattributes': 'a.txt conflict-marker-size=3\n' }],
    [' with long markers', {}, { '.gitattributes': '* conflict-marker-size=20\n' }],
    [' with markers that the task makes long', { '.gitattributes': '* conflict-marker-size=20\n' }, {}],
  ];
  it.each(
    // The sizes by one of them: the others make markers in the same way.
    ANEW.flatMap(([name, act], at) =>
      (at === 0 ? SIZED : SIZED.slice(0, 1)).map(
        ([size, task, person]) => [`${name}${size}`, act, task, person] as const,
      ),
    ),
  )('what %s leaves', async (_, act, task, person) => {
    const {
      commit,
      path,
      workspaces,
      task: id,
      head,
    } = await conflicting({
      task: writes({ 'a.txt': 'task\n', ...task }),
      person: writes({ 'a.txt': 'person\n', ...person }),
    });
    act(path);
    expect(readFileSync(join(path, 'a.txt'), 'utf8')).toMatch(/^[<>]{3,} .*(?:HEAD|main|ours|theirs|o|t)/m);
    put(path, { 'note.txt': 'done\n' });
    await expect(commit(2)).rejects.toMatchObject(unsolved(['a.txt']));
    expect(await workspaces.head(id)).toBe(head);
    put(path, { 'a.txt': 'solved\n' });
    expect(await commit(3)).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each<[string, (text: string) => string]>([
    [
      'the name of HEAD',
      (text) => text.replaceAll(/^(<+) .*/gm, '$1 HEAD').replaceAll(/^(>+) .*/gm, '$1 main'),
    ],
    ['no name', (text) => text.replaceAll(/^([<>]+) .*/gm, '$1')],
    ['another letter in its names', (text) => text.replaceAll(/[0-9]/g, 'A')],
    ['line ends of Windows', (text) => text.replaceAll(/^([<>]+) .*/gm, '$1 x').replaceAll('\n', '\r\n')],
    ['indentation', (text) => text.replaceAll(/^([<>]+) .*/gm, '$1 x').replaceAll(/^/gm, ' \t')],
    ['its end alone', (text) => text.replaceAll(/^<.*\n|^=.*\n/gm, '').replaceAll(/^>+ .*/gm, '>>>>>>> x')],
    ['its middle alone', (text) => text.replaceAll(/^[<>].*\n/gm, '')],
  ])('a marker with %s', async (_, change) => {
    // The second is a file that stands for both versions.
    const notMerged = KINDS.find(({ name }) => name.includes('forbids')) as Kind;
    for (const kind of [lines, notMerged, KINDS[1] as Kind]) {
      const { commit, path } = await conflicting(kind);
      const [file = ''] = kind.files;
      edits(change, file)(path);
      await expect(commit(2)).rejects.toMatchObject(unsolved(kind.files));
    }
  });
});

describe('is a solution', () => {
  const DOCUMENT = 'text\n<<<<<<< HEAD\nmine\n=======\nyours\n>>>>>>> main\n';
  it.each<[string, string, string, string]>([
    ['the base’s', `${DOCUMENT}task\n`, `${DOCUMENT}person\n`, `${DOCUMENT}person\n`],
    ['both, of what only one side has', 'task\n', `${DOCUMENT}person\n`, `${DOCUMENT}person\ntask\n`],
    [
      'both, of what both sides have added',
      `${DOCUMENT}task\n`,
      `${DOCUMENT}person\n`,
      `${DOCUMENT}${DOCUMENT}`,
    ],
    ['a document with fewer', `${DOCUMENT}${DOCUMENT}`, `${DOCUMENT}person\n`, DOCUMENT],
  ])('of a document about markers %s', async (_, task, person, solved) => {
    const kind = { task: writes({ 'a.txt': task }), person: writes({ 'a.txt': person }) };
    const { commit, path } = await conflicting(kind);
    put(path, { 'a.txt': solved, 'about.md': DOCUMENT });
    expect(await commit(2)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('and none is one with the conflict in it besides', async () => {
    const kind = {
      task: writes({ 'a.txt': `${DOCUMENT}task\n` }),
      person: writes({ 'a.txt': `${DOCUMENT}person\n` }),
    };
    const { commit, path } = await conflicting(kind);
    byAgent(`git reset -q --hard; git merge origin/main; ${COMMIT}`)(path);
    expect(userGit(path, 'show', 'HEAD:a.txt').match(/^<<<<<<< HEAD/gm)).toHaveLength(2);
    await expect(commit(2)).rejects.toMatchObject(unsolved(['a.txt']));
  });
});
