/**
 * Git LFS as the engine runs it: in the mirror, which has no working tree, and by settings that the engine brings. So neither
 * `.lfsconfig` nor the configuration of a repository or workspace says what it does, which programs it starts (its custom transfers
 * and extensions are such) or whom it asks.
 */
import { quote } from 'shell-quote';
import { gitStarter } from './git-starter.ts';
import { placeOf } from './mirror.ts';
import { networked, overNetwork, type Remote } from './remote.ts';
import { answerOf, commandOf, type Setting } from './run-git.ts';

/** For a mirror, with its store of contents. */
export interface Lfs {
  /** The file that is started. */
  readonly program: string;
  readonly mirror: string;
}

/** It would write this one into the configuration. */
const VERSION: Setting = ['lfs.repositoryformatversion', '0'];

/** Nobody listens there, so that what is not in the store is not asked for anywhere, and stays a pointer. */
const NOWHERE = 'http://127.0.0.1:0/';

/** What git goes by where it writes and takes files that are given to Git LFS. A filter's program is a line for a shell, by git's rules. */
export const lfsFilter = ({ program, mirror }: Lfs): readonly Setting[] => [
  [
    'filter.lfs.process',
    `unset GIT_WORK_TREE GIT_INDEX_FILE; export GIT_DIR=${quote([mirror])}; exec ${quote([program])} filter-process`,
  ],
  ['filter.lfs.clean', ''],
  ['filter.lfs.smudge', ''],
  ['filter.lfs.required', 'true'],
  ['lfs.url', NOWHERE],
  ['lfs.skipdownloaderrors', 'true'],
  ['lfs.transfer.maxretries', '1'],
  VERSION,
];

/** The same for the git of agents and checks: as `git lfs install --local` writes it. */
export const LFS_SECTION = [
  'clean = git-lfs clean -- %f',
  'smudge = git-lfs smudge -- %f',
  'process = git-lfs filter-process',
  'required = true',
];

const REMOTE = 'pawl';

/** Brings the contents of all pointers in a commit into the store. @throws PawlError as `overNetwork` */
export const fetchContents = (lfs: Lfs, remote: Remote, commit: string): Promise<void> =>
  transfer(lfs, remote, ['fetch', REMOTE, commit]);

/** Gives contents of the store to a remote. What it has already is not sent again. @throws PawlError as `overNetwork` */
export const pushContents = (lfs: Lfs, remote: Remote, oids: readonly string[]): Promise<void> =>
  transfer(lfs, remote, ['push', '--object-id', '--stdin', REMOTE], `${oids.join('\n')}\n`);

async function transfer(
  { program, mirror }: Lfs,
  remote: Remote,
  args: readonly string[],
  input?: string,
): Promise<void> {
  const { config = [], ...place } = networked(placeOf(mirror), remote);
  const settings: readonly Setting[] = [
    ...config,
    [`remote.${REMOTE}.url`, remote.url],
    // Any other way of transfer is a program.
    ['lfs.basictransfersonly', 'true'],
    ['lfs.locksverify', 'false'],
    ['lfs.transfer.maxretries', '3'],
    VERSION,
  ];
  const at = { ...place, config: settings };
  await overNetwork(remote, async () => {
    const ended = await gitStarter().run({ ...commandOf(at, args, input), file: program });
    answerOf(['lfs', ...args], at, ended, []);
  });
}
