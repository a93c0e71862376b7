/** Faults that no retry mends: said at once and plainly, whatever an agent or a disk has done. */
import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settleAttempt } from '../../../src/activities/settle-attempt.ts';
import { finalAnswer } from '../../../src/adapters/git/final-answers.ts';
import type { AttemptInput } from '../../../src/domain/steps.ts';
import {
  commitFiles,
  newRepository,
  newTask,
  newWorld,
  put,
  scratchFolder,
  userGit,
} from '../scratch-repository.ts';

interface Fault {
  readonly name: string;
  readonly make: (path: string) => unknown;
  readonly said: RegExp;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'a FIFO over a source file',
    make: (path) => {
      rmSync(join(path, 'a.txt'));
      execFileSync('mkfifo', [join(path, 'a.txt')]);
    },
    said: /^a\.txt is neither a file nor a link .* FIFO/,
  },
  {
    name: 'a socket over a source file',
    make: async (path) => {
      rmSync(join(path, 'a.txt'));
      const server = createServer();
      // By its name alone: the whole path would be too long for a socket.
      const before = process.cwd();
      process.chdir(path);
      await new Promise<void>((resolve) => server.listen('a.txt', resolve));
      process.chdir(before);
      server.unref();
    },
    said: /^a\.txt is neither a file nor a link .* socket/,
  },
  {
    name: 'an encoding that there is not',
    make: (path) =>
      put(path, { '.gitattributes': '*.txt working-tree-encoding=nonsense\n', 'a.txt': 'new\n' }),
    said: /^a\.txt cannot be turned from nonsense into UTF-8: correct its working-tree-encoding/,
  },
  {
    name: 'bytes that are not of the encoding',
    make: (path) => {
      put(path, { '.gitattributes': '*.txt working-tree-encoding=UTF-16\n', 'a.txt': 'new\n' });
      // An index that is younger than the file holds for true what it says of it.
      const past = Date.now() / 1000 - 60;
      utimesSync(join(path, 'a.txt'), past, past);
    },
    said: /^a\.txt is not in UTF-16/,
  },
];

describe.each(FAULTS)('$name', ({ make, said }) => {
  it('ends the attempt for good, and what else the agent made is kept', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    await make(path);
    put(path, { 'new.md': 'new' });
    expect((await workspaces.snapshot(task)).changedFiles).toContain('new.md');
    const attempt = { number: 1, token: 't', reason: 'first' } as const;
    // What settling an attempt reads of its input.
    const input = { task, attempt, baseCommit } as AttemptInput;
    await expect(
      settleAttempt({ workspaces }, input, { status: 'done', summary: 's' }),
    ).rejects.toMatchObject({
      type: 'git',
      nonRetryable: true,
      message: expect.stringMatching(said),
      details: [{ final: true }],
    });
    await workspaces.commitUnfinished(task, 'Unfinished work', `${task.id}/0/keep`);
    const kept = await workspaces.head(task);
    expect(userGit(path, 'show', `${kept}:new.md`)).toBe('new');
    expect(userGit(path, 'ls-tree', '--name-only', kept).split('\n')).toContain('a.txt');
    await workspaces.remove(task);
    expect(await workspaces.exists(task)).toBe(false);
  });
});

describe('a repository with', () => {
  const looseObject = (repository: string) => {
    const oid = userGit(repository, 'rev-parse', 'HEAD:a.txt');
    return join(repository, '.git/objects', oid.slice(0, 2), oid.slice(2));
  };
  const overwrite = (path: string, bytes: Buffer) => {
    chmodSync(path, 0o644);
    writeFileSync(path, bytes);
  };

  it.each<[string, (repository: string) => void]>([
    ['an empty object', (repository) => overwrite(looseObject(repository), Buffer.alloc(0))],
    ['an object of other bytes', (repository) => overwrite(looseObject(repository), Buffer.from('nonsense'))],
    [
      'half an object',
      (repository) => {
        const path = looseObject(repository);
        overwrite(path, readFileSync(path).subarray(0, 12));
      },
    ],
    [
      'a pack of other bytes',
      (repository) => {
        userGit(repository, 'gc', '-q');
        for (const pack of globSync(join(repository, '.git/objects/pack/*.pack'))) {
          const bytes = readFileSync(pack);
          overwrite(pack, bytes.fill(0xff, 14, bytes.length - 20));
        }
      },
    ],
  ])('%s is said to be damaged, and nothing is left', async (_, damage) => {
    const { workspaces, task, repository, places } = newWorld({
      'a.txt': 'text of some length\n'.repeat(20),
    });
    damage(repository);
    const words = expect.stringMatching(/is damaged .*git fsck/);
    await expect(workspaces.prepare(task)).rejects.toMatchObject({ code: 'precondition', message: words });
    await workspaces.remove(task);
    expect(await workspaces.exists(task)).toBe(false);
    expect(globSync(join(places.workspaces, '*'))).toEqual([]);
  });
});

describe('finalAnswer', () => {
  it.each([
    "fatal: Unable to create '/r/.git/index.lock': File exists.",
    'fatal: bad object 1111111111111111111111111111111111111111',
    'fatal: write error: No space left on device',
    'error: short read while indexing a.txt',
    '',
  ])('knows nothing of %j, which may pass', (stderr) => {
    expect(finalAnswer(stderr, '/r')).toBeUndefined();
  });

  it('takes what cannot be read for something that may hold what nobody has elsewhere', () => {
    const said = 'error: open("a.txt"): Permission denied\nerror: unable to index file \'a.txt\'\n';
    expect(finalAnswer(said, '/r')).toMatchObject({ code: 'forbidden' });
  });
});

it('a partial clone without all of its history is told how to fetch the rest, and is taken then', async () => {
  const seed = newRepository();
  commitFiles(seed, { 'a.txt': 'changed\n' });
  userGit(seed, 'config', 'uploadpack.allowFilter', 'true');
  const repository = join(scratchFolder('partial'), 'clone');
  userGit(seed, 'clone', '-q', '--filter=blob:none', `file://${seed}`, repository);
  const task = newTask(repository);
  const { workspaces } = newWorld();
  await expect(workspaces.prepare(task)).rejects.toMatchObject({
    code: 'precondition',
    message: `${repository} is a partial clone and lacks a part of the branch's history: run \`git fetch --refetch --no-filter\` there, which brings all of it`,
  });
  userGit(repository, 'fetch', '-q', '--refetch', '--no-filter');
  const { path } = await workspaces.prepare(task);
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('changed\n');
});

it('ends no step where git only remarks on attributes that it cannot use', async () => {
  const { workspaces, task } = newWorld({
    '.gitattributes': '!*.x text\n*.a -?bad\n*.b te/xt=1\n[attr]bin"ary x\n',
    'deep/.gitattributes': '[attr]odd -diff\n',
  });
  const { path } = await workspaces.prepare(task);
  put(path, { 'a.a': 'a\n', 'deep/x.b': 'b\n' });
  const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
  expect(userGit(path, 'diff', '--name-only', 'main', commit).split('\n')).toEqual(['a.a', 'deep/x.b']);
});
