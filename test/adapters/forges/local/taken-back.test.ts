/** A merge that the person has taken back: whatever they do with what it brought is theirs, and the next merge is made all the same. */
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newTask, ready, scratchFolder, userGit } from '../../scratch-repository.ts';

/** Merged, and the next task that is ready to be merged after the person has done something. */
async function merged(meanwhile: (repository: string) => void) {
  const first = await ready();
  expect(await first.forge.merge(first.merge)).toMatchObject({ kind: 'merged' });
  const { repository } = first;
  meanwhile(repository);
  const next = await ready({ ...first, task: newTask(repository) }, { 'next.txt': 'next' });
  return { repository, outcome: await next.forge.merge(next.merge), first };
}

describe.each([
  ['softly', ['reset', '-q', '--soft', 'HEAD~1']],
  ['softly, and committed in between', undefined],
] as const)('taken back %s', (_, command) => {
  it('what is staged stays, and the next merge waits for it', async () => {
    const { repository, outcome } = await merged((at) => {
      if (command !== undefined) return void userGit(at, ...command);
      userGit(at, 'reset', '-q', '--soft', 'HEAD~1');
      userGit(at, 'commit', '-qm', 'mine');
      userGit(at, 'reset', '-q', '--soft', 'HEAD~1');
    });
    expect(outcome).toHaveProperty('takeCommand');
    expect(userGit(repository, 'status', '--porcelain')).toBe('A  new.txt');
    expect(userGit(repository, 'show', ':new.txt')).toBe('new');
  });
});

/** As git does it by itself some weeks later. */
const forget = (repository: string) => {
  userGit(repository, 'reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
  userGit(repository, 'gc', '-q', '--prune=now');
};

it.each([
  [
    'taken back and forgotten by git',
    (at: string) => {
      userGit(at, 'reset', '-q', '--hard', 'HEAD~1');
      forget(at);
    },
  ],
  [
    'left behind in a clone that was removed and made anew',
    (at: string) => {
      const away = scratchFolder('away');
      userGit(at, 'clone', '-q', '--bare', at, away);
      userGit(away, 'update-ref', 'refs/heads/main', userGit(at, 'rev-parse', 'main~1'));
      forget(away);
      rmSync(at, { recursive: true });
      userGit(away, 'clone', '-q', away, at);
    },
  ],
])('a merge that was %s is in nobody’s way', async (_, meanwhile) => {
  const { repository, outcome } = await merged(meanwhile);
  expect(outcome).toEqual({ kind: 'merged', commit: userGit(repository, 'rev-parse', 'main') });
  expect(userGit(repository, 'ls-files')).not.toContain('new.txt');
  expect(userGit(repository, 'ls-files')).toContain('next.txt');
  userGit(repository, 'fsck', '--strict');
});
