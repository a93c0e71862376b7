/**
 * A base that moves again and again under a change that was approved, with the process that merges dying in between: each
 * interleaving of where it dies and how the base moves then ends with the change merged, as it was checked.
 */
import { describe, expect, it } from 'vitest';
import { commitFiles, userGit } from '../../adapters/scratch-repository.ts';
import { baseMoves, branch, workOnBranch } from './moves.ts';
import { begun, expectAsChecked, expectMergedOnce } from './outcome.ts';
import { after, answerLost, type Death, type Story } from './story.ts';

type Move = (story: Story, nth: number) => void;

const MOVES: Readonly<Record<string, Move>> = {
  moves: (story, nth) => baseMoves(`theirs-${nth}.txt`)(story),
  'moves against the change': (story, nth) => baseMoves('new.txt', `theirs ${nth}\n`)(story),
  /** Without the commit that the task stands on. */
  'is rewritten': ({ world: { repository, baseCommit } }, nth) => {
    userGit(repository, 'reset', '-q', '--hard', baseCommit);
    userGit(repository, 'commit', '-q', '--amend', '-m', `other words ${nth}`);
    commitFiles(repository, { [`rewritten-${nth}.txt`]: 'rewritten' });
  },
  'is taken back': ({ world: { repository, baseCommit } }) =>
    void userGit(repository, 'reset', '-q', '--hard', baseCommit),
};

const IN_PROCESS: readonly Death[] = [answerLost('merge')];
const KILLED: readonly Death[] = [after('merge', 'read-tree --reset')];

interface Tale {
  /** What the base does before the first try, and then after each death. */
  readonly moves: readonly string[];
  readonly deaths: readonly Death[];
}

/** Where the base was taken back the merge is made at once, and none of its own is begun. */
const isPossible = ({ moves, deaths }: Tale): boolean =>
  deaths.every((_, at) => moves[at] !== 'is taken back');

function talesOf(deaths: readonly Death[], turns: number): readonly Tale[] {
  const names = Object.keys(MOVES);
  const begin: readonly Tale[] = names.map((name) => ({ moves: [name], deaths: [] }));
  return Array.from({ length: turns }).reduce<readonly Tale[]>(
    (tales) =>
      tales.flatMap((tale) =>
        deaths.flatMap((death) =>
          names.map((name) => ({ moves: [...tale.moves, name], deaths: [...tale.deaths, death] })),
        ),
      ),
    begin,
  );
}

/** Of those with three moves a few, each of which moves the base in another way than the one before. */
const isVaried = ({ moves }: Tale): boolean =>
  moves.at(-1) === 'moves' && new Set(moves).size === moves.length;

const nameOf = ({ moves, deaths }: Tale): string =>
  moves
    .map((move, at) => `${move}${deaths[at] === undefined ? '' : `, dies at ${wordsOf(deaths[at])}`}`)
    .join(', ');
const wordsOf = ({ moment, command = 'its answer' }: Death): string => `${moment} ${command}`;

describe('an approved change is merged although the base', () => {
  const twice = talesOf(IN_PROCESS, 2).filter(isVaried);
  const tales = [...talesOf(IN_PROCESS, 1), ...twice, ...talesOf(KILLED, 1)];
  it.concurrent.each(tales.filter(isPossible).map((tale) => [nameOf(tale), tale] as const))(
    '%s',
    async (_, { moves, deaths }) => {
      const story = await begun();
      await story.reach('merge');
      for (const [at, move] of moves.entries()) {
        MOVES[move]?.(story, at);
        const death = deaths[at];
        if (death !== undefined) await story.die(death);
      }
      const theirs = userGit(story.world.repository, 'rev-parse', 'main');
      const merged = await story.finish('merge');
      expectMergedOnce(story, merged, {});
      expectAsChecked(story, merged.commit);
      userGit(story.world.repository, 'merge-base', '--is-ancestor', theirs, 'main');
    },
  );
});

describe('a merge of the base', () => {
  it('is made of what was told last, where an older try of the one before ends after it', async () => {
    const story = await begun();
    await story.reach('merge');
    const { workspaces, task, repository, baseCommit } = story.world;
    const first = commitFiles(repository, { 'first.txt': 'first' });
    const second = commitFiles(repository, { 'second.txt': 'second' });
    const told = await workspaces.mergeBase(task, story.commit, baseCommit, second);
    if (told.kind !== 'merged') throw new Error('expected a merge');
    // By a process that was slow, or that nobody waited for any more.
    await workspaces.mergeBase(task, story.commit, baseCommit, first);
    const third = commitFiles(repository, { 'third.txt': 'third' });
    const joined = await workspaces.mergeBase(task, told.commit, second, third);
    if (joined.kind !== 'merged') throw new Error('expected a merge');
    expect(userGit(story.path, 'log', '-1', '--format=%P', joined.commit)).toBe(`${told.commit} ${third}`);
  });

  it('replaces what was taken up and then taken back, and nobody was told of', async () => {
    const story = await begun();
    await story.reach('takeUp');
    const { repository } = story.world;
    workOnBranch(story);
    await story.die(answerLost('takeUp'));
    userGit(repository, 'branch', '-qf', branch(story), story.commit);
    baseMoves()(story);
    const merged = await story.finish('takeUp');
    expectMergedOnce(story, merged, {});
    expect(userGit(repository, 'ls-tree', '--name-only', 'main').split('\n')).not.toContain('on-branch.txt');
  });

  it('is refused where it would take an attempt with it that nobody was told of', async () => {
    const story = await begun();
    await story.reach('merge');
    const { workspaces, task, repository, baseCommit } = story.world;
    commitFiles(story.path, { 'more.txt': 'more' });
    await workspaces.commit(task, 'more', `${task.id}/2/commit`);
    const moved = commitFiles(repository, { 'first.txt': 'first' });
    await expect(workspaces.mergeBase(task, story.commit, baseCommit, moved)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
