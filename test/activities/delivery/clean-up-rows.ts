/** The same for a task that is cancelled: its work is kept as its branch. */
import { userGit } from '../../adapters/scratch-repository.ts';
import { baseMoves, branch, hasBranchWork, workOnBranch } from './moves.ts';
import type { Row } from './rows.ts';
import { after, answerLost, before, type Story } from './story.ts';

type CleanUpRow = Pick<Row, 'death' | 'meanwhile' | 'move'> & { readonly besides?: (story: Story) => void };

/** Of a task that was cancelled, with work that is committed and work that is not. */
export const CLEAN_UP: readonly CleanUpRow[] = [
  { death: before('cleanUp', 'commit-tree'), meanwhile: 'the base moves', move: baseMoves() },
  { death: after('cleanUp', 'commit-tree'), meanwhile: 'the base moves', move: baseMoves() },
  { death: before('cleanUp', 'pawl: push'), meanwhile: 'the base moves', move: baseMoves() },
  {
    death: after('cleanUp', 'pawl: push'),
    meanwhile: 'the user works on the branch',
    move: (story) => workOnBranch(story),
    besides: hasBranchWork,
  },
  {
    death: after('cleanUp', 'pawl: push'),
    meanwhile: 'the user removes the branch',
    move: (story) => void userGit(story.world.repository, 'branch', '-qD', branch(story)),
  },
  {
    death: { ...before('cleanUp', 'update-ref --stdin'), nth: 2 },
    meanwhile: 'the user works on the branch',
    move: (story) => workOnBranch(story),
    besides: hasBranchWork,
  },
  { death: answerLost('cleanUp'), meanwhile: 'nothing else happens' },
];
