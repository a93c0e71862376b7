/** A change that people have brought into the base by other commits than the task's: a squash, a cherry-pick, their own hands. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commitFiles, put, tipOf, userGit } from '../../adapters/scratch-repository.ts';
import { baseMoves, branch } from './moves.ts';
import { begun, expectNothingLeft } from './outcome.ts';
import { after, answerLost, type Story } from './story.ts';

const squash = (story: Story): void => {
  const { repository } = story.world;
  userGit(repository, 'merge', '-q', '--squash', branch(story));
  userGit(repository, 'commit', '-q', '-m', 'Do the work (#1)');
};

async function atMerge(own: Readonly<Record<string, string>> = {}): Promise<Story> {
  const story = await begun();
  put(story.path, own);
  await story.reach('merge');
  return story;
}

const shortTip = ({ world }: Story): string => tipOf(world.repository, 'refs/heads/main')?.slice(0, 7) ?? '';

async function expectHeld(
  story: Story,
  says = `main at ${shortTip(story)} has all of this change already`,
): Promise<void> {
  const { repository, places } = story.world;
  const before = tipOf(repository, 'refs/heads/main');
  const merged = await story.delivery.merge(story.inputOf('merge') as never);
  if (merged.kind !== 'merged') throw new Error(`expected it to be merged, got ${merged.kind}`);
  expect(merged.commit).toBe(before);
  expect(merged.byHand).toContain(says);
  expect(merged.byHand).toContain(`git branch -D ${branch(story)}`);
  expect(tipOf(repository, 'refs/heads/main')).toBe(before);
  // Its commits are nowhere else.
  expect(tipOf(repository, `refs/heads/${branch(story)}`)).toBe(story.commit);
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  expect(existsSync(story.path)).toBe(false);
  expectNothingLeft(places, repository);
}

/** How the base comes to have the whole change. */
const BROUGHT: Readonly<Record<string, (story: Story) => void>> = {
  'was squashed': squash,
  'was squashed onto a base that had moved': (story) => {
    baseMoves()(story);
    squash(story);
  },
  'was picked': (story) => {
    baseMoves()(story);
    userGit(story.world.repository, 'cherry-pick', branch(story));
  },
  'was made by somebody as well': ({ world }) => void commitFiles(world.repository, { 'new.txt': 'new\n' }),
  'was squashed onto a base that was rewritten': (story) => {
    userGit(story.world.repository, 'commit', '-q', '--amend', '-m', 'other words');
    userGit(story.world.repository, 'cherry-pick', branch(story));
  },
};
const WAYS: typeof BROUGHT = {
  ...BROUGHT,
  'was squashed, and went on elsewhere': (story) => {
    squash(story);
    baseMoves('a.txt', 'one\ntwo\nthree\nfour\n')(story);
  },
};

describe('a change that the base has already is over', () => {
  it.each(Object.entries(WAYS))('where it %s', async (_, move) => {
    const story = await atMerge();
    move(story);
    await expectHeld(story);
  });

  it('also where the answer that said so was lost, and the base moves on', async () => {
    const story = await atMerge();
    squash(story);
    await story.die(answerLost('merge'));
    baseMoves()(story);
    await expectHeld(story);
  });

  it('where its process died with the files ahead of the base, and somebody committed what was there', async () => {
    const story = await atMerge();
    await story.die(after('merge', 'read-tree -m'));
    userGit(story.world.repository, 'commit', '-q', '-m', 'what is there');
    await expectHeld(story);
  });
});

/** The base has the change in its past; the same lines are other ones by now, so that merging it would be a conflict. */
const edit = baseMoves('new.txt', 'newer\n');
const WENT_ON: typeof BROUGHT = {
  ...BROUGHT,
  'was squashed, and the base moved before and after': (story) => {
    baseMoves('a.txt', 'one\ntwo\nthree\nfour\n')(story);
    squash(story);
    baseMoves()(story);
  },
  'was squashed on a branch that was merged': (story) => {
    const { repository } = story.world;
    userGit(repository, 'checkout', '-q', '-b', 'theirs');
    squash(story);
    userGit(repository, 'checkout', '-q', 'main');
    baseMoves()(story);
    userGit(repository, 'merge', '-q', '--no-edit', 'theirs');
  },
};
/** The commit that brought the file. */
const squashedAt = ({ world }: Story): string =>
  userGit(world.repository, 'log', '--format=%h', '--abbrev=7', '--diff-filter=A', 'main', '--', 'new.txt');

describe('a change that the base had, before it went on from it over the same lines, is over', () => {
  it.each(Object.entries(WENT_ON))('where it %s', async (_, move) => {
    const story = await atMerge();
    move(story);
    edit(story);
    const says = `main at ${shortTip(story)} has all of this change in its past (${squashedAt(story)}) and went on from it`;
    await expectHeld(story, says);
  });
});

/** Each leaves the base with other lines than the change's, and without a commit that brought it. */
const NOT_HELD: Readonly<Record<string, (story: Story) => void>> = {
  'is another one of the same lines': edit,
  'was brought and taken back': (story) => {
    squash(story);
    userGit(story.world.repository, 'revert', '--no-edit', 'HEAD');
    edit(story);
  },
  'was brought with other white space': (story) => {
    commitFiles(story.world.repository, { 'new.txt': '  new\n' });
  },
  'was brought with other lines': (story) => {
    commitFiles(story.world.repository, { 'new.txt': 'new\nand more\n' });
    edit(story);
  },
  'was brought under another name': (story) => {
    commitFiles(story.world.repository, { 'renamed.txt': 'new\n' });
    edit(story);
  },
};

describe('a change in conflict with a base that never had it is mended by an attempt', () => {
  it.each(Object.entries(NOT_HELD))('where it %s', async (_, move) => {
    const story = await atMerge();
    move(story);
    expect((await story.delivery.merge(story.inputOf('merge') as never)).kind).toBe('conflict');
  });
});

describe('a change of which something is missing in the base is merged, and checked before', () => {
  const PARTS: Readonly<Record<string, (story: Story) => void>> = {
    'one of two files': ({ world }) => void commitFiles(world.repository, { 'new.txt': 'new\n' }),
    'what was taken back since': (story) => {
      squash(story);
      userGit(story.world.repository, 'revert', '--no-edit', 'HEAD');
    },
  };
  it.each(Object.entries(PARTS))('%s', async (_, move) => {
    const story = await atMerge({ 'other.txt': 'other\n' });
    move(story);
    const moved = await story.delivery.merge(story.inputOf('merge') as never);
    expect(moved.kind).toBe('base_moved');
    await story.finish('merge');
    expect(userGit(story.world.repository, 'show', 'main:other.txt', 'main:new.txt')).toBe('other\nnew');
  });
});

it('a change of which an agent has left nothing, because the base has a better one, is shown as an empty one', async () => {
  const story = await atMerge();
  edit(story);
  const moved = await story.delivery.merge(story.inputOf('merge') as never);
  if (moved.kind !== 'conflict') throw new Error(`expected a conflict, got ${moved.kind}`);
  put(story.path, { 'new.txt': 'newer\n' });
  story.attempt += 1;
  story.baseCommit = moved.baseCommit;
  story.commit = (await story.delivery.commit(story.inputOf('commit') as never)).commit;
  const published = await story.delivery.publish(story.inputOf('publish') as never);
  expect(published).toMatchObject({
    pullRequest: { files: 0, remarks: [{ path: 'main', why: expect.stringContaining('an empty one') }] },
  });
});
