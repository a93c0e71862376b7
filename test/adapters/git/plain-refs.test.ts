/** Refs that are read without a git are what git says of them, in whatever way they lie. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askBelow } from '../../../src/adapters/git/branches.ts';
import { hasNoTags, plainHead, readBelow, readBranches } from '../../../src/adapters/git/plain-refs.ts';
import { baseTipOf, openRepository } from '../../../src/adapters/repository/find-repository.ts';
import { commitFiles, newRepository, scratchFolder, userGit } from '../scratch-repository.ts';

const NAMES = ['main', 'pawl/a', 'pawl/a.kept-1', 'pawl/deep/b', 'other', 'pawl-not', 'Main'];
const REFS = [...NAMES.map((name) => `refs/heads/${name}`), 'refs/pawl/a', 'refs/pawl/kept/a/1'];
const FOLDERS = ['refs/heads/main', 'refs/heads/pawl', 'refs/pawl'];

/** What may be done to a repository, one after the other. */
const STEPS: Readonly<Record<string, (repository: string, ref: string) => void>> = {
  'set it': (repository, ref) => userGit(repository, 'update-ref', ref, 'HEAD'),
  'set it to an earlier commit': (repository, ref) =>
    userGit(repository, 'update-ref', ref, 'refs/tags/first'),
  'remove it': (repository, ref) => userGit(repository, 'update-ref', '-d', ref),
  'make it stand for another': (repository, ref) =>
    userGit(repository, 'symbolic-ref', ref, 'refs/heads/other'),
  'pack all': (repository) => userGit(repository, 'pack-refs', '--all'),
  'tear it': (repository, ref) => {
    mkdirSync(dirname(join(repository, '.git', ref)), { recursive: true });
    writeFileSync(join(repository, '.git', ref), '');
  },
  'hold it': (repository, ref) => {
    mkdirSync(dirname(join(repository, '.git', ref)), { recursive: true });
    writeFileSync(join(repository, '.git', `${ref}.lock`), '');
  },
  'leave the branch': (repository) => userGit(repository, 'checkout', '-q', '--detach'),
  'check it out': (repository, ref) => userGit(repository, 'symbolic-ref', 'HEAD', ref),
  'work on it elsewhere': (repository, ref) =>
    userGit(
      repository,
      'worktree',
      'add',
      '-q',
      '-f',
      scratchFolder('tree'),
      ref.slice('refs/heads/'.length),
    ),
  'commit as Pawl': (repository) =>
    userGit(
      repository,
      ...['-c', 'user.email=pawl@localhost', 'commit', '-q', '--allow-empty'],
      ...['-m', 'work', '-m', 'Pawl-Task: a\nPawl-Effect: a/1/commit'],
    ),
};

const Story = fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.constantFrom(...REFS)), {
  maxLength: 8,
});

function made(story: readonly (readonly [string, string])[]): string {
  const repository = newRepository({ 'a.txt': 'a' });
  userGit(repository, 'tag', 'first');
  commitFiles(repository, { 'b.txt': 'b' });
  for (const [step, ref] of story) {
    try {
      STEPS[step]?.(repository, ref);
    } catch {
      // What git refuses (a name below another, a ref that is held) leaves the repository another one all the same.
    }
  }
  return repository;
}

const sorted = <T>(found: ReadonlyMap<string, T>) =>
  [...found].sort(([one], [other]) => (one < other ? -1 : 1));

describe('refs of a repository', () => {
  it('are as git says', async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(Story, async (story) => {
        const repository = await openRepository(made(story));
        const asked = await askBelow(repository.place, REFS).catch(String);
        const ours = await readBranches(repository, REFS).catch(String);
        if (typeof asked === 'string' || typeof ours === 'string') expect(ours).toEqual(asked);
        else expect(sorted(ours)).toEqual(sorted(asked).filter(([ref]) => REFS.includes(ref)));
        const below = await readBelow(repository, FOLDERS).catch(String);
        const askedBelow = await askBelow(repository.place, FOLDERS).catch(String);
        if (typeof askedBelow === 'string' || typeof below === 'string') expect(below).toEqual(askedBelow);
        else expect(sorted(below)).toEqual(sorted(askedBelow));
        const head = await plainHead(repository);
        if (head === undefined) return;
        plain += 1;
        expect(head.ref).toBe(userGit(repository.top, 'symbolic-ref', 'HEAD'));
        expect(head.commit).toBe(userGit(repository.top, 'rev-parse', 'HEAD^{commit}'));
      }),
      {
        numRuns: 40,
        // A HEAD that names no branch: git calls nothing checked out.
        examples: [
          [
            [
              ['check it out', 'refs/pawl/a'],
              ['commit as Pawl', 'refs/heads/main'],
            ],
          ],
        ],
      },
    );
    // Most repositories need no git for it, or nothing was shown.
    expect(plain).toBeGreaterThan(5);
  });

  it('have a tag, packed or not, or none', async () => {
    const repository = newRepository({ 'a.txt': 'a' });
    const none = async () => hasNoTags(await openRepository(repository));
    expect(await none()).toBe(true);
    userGit(repository, 'tag', 'v1');
    expect(await none()).toBe(false);
    userGit(repository, 'pack-refs', '--all');
    expect(await none()).toBe(false);
    userGit(repository, 'tag', '-d', 'v1');
    expect(await none()).toBe(true);
  });

  it('are asked of git where a link stands in the way', async () => {
    const [path, elsewhere] = [newRepository({ 'a.txt': 'a' }), scratchFolder('refs')];
    const oid = userGit(path, 'rev-parse', 'main');
    mkdirSync(elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, 'a'), `${oid}\n`);
    symlinkSync(elsewhere, join(path, '.git/refs/heads/pawl'));
    const repository = await openRepository(path);
    expect(await baseTipOf(repository, 'pawl/a')).toBe(oid);
    expect((await readBelow(repository, ['refs/heads/pawl'])).get('refs/heads/pawl/a')?.commit).toBe(oid);
  });
});
