/**
 * Which folders are a working directory, so that their files may be results: whoever may report results would else be
 * handed the passwords, keys and environments that lie in the others. By their names alone; links are followed by whoever asks. Pure.
 */
import { relative } from 'node:path';
import { isInside } from './is-inside.ts';

/**
 * The operating system's: accounts and keys (`/etc`), memory, environments and devices (`/proc`, `/sys`, `/dev`), sockets and
 * mounted secrets (`/run`), what boots, programs, and what services write about everybody (`/var/log` …). What is in `/var/lib` is
 * none of it: build servers work there. On macOS `/etc` and `/var` are links into `/private`.
 */
const SYSTEM_FOLDERS = [
  ...['/etc', '/proc', '/sys', '/dev', '/run', '/boot', '/efi', '/lost+found'],
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'],
  ...['/var/log', '/var/spool', '/var/backups', '/var/db', '/var/run'],
  ...['/System', '/Library', '/private/etc', '/private/var/log', '/private/var/db', '/private/var/root'],
] as const;

/** Folders in them where people do work: images of containers begin in the first, disks are mounted in the last. */
const WORKED_IN = ['/usr/src', '/usr/local/src', '/run/media'] as const;

/** Where the folders of users, programs, disks and services lie side by side: a project is in one of those. */
const SHARED_FOLDERS = ['/home', '/Users', '/root', '/opt', '/mnt', '/var/lib'] as const;

export interface HomeFolders {
  /** Real path of the home of Pawl: its token would open the engine to whoever reads artifacts. */
  readonly home: string;
  /** Of it, what is made for agents to work in. */
  readonly workspaces: string;
  /** Real paths of the home folders of the engine's user: as the shell has it, and as the system has it. */
  readonly userHomes: readonly string[];
}

/** @param path real, of a file or folder */
export const isOfSystem = (path: string): boolean =>
  SYSTEM_FOLDERS.some((folder) => isIn(folder, path)) && !WORKED_IN.some((folder) => isInside(folder, path));

/** @param path real, of a file or folder; what is in the workspace of a task is not Pawl's own */
export const isOfHome = ({ home, workspaces }: HomeFolders, path: string): boolean =>
  isIn(home, path) && !isInside(workspaces, path);

/**
 * Keys, passwords and settings lie in the user's home in what begins with a dot (`~/.ssh`, `~/.netrc`).
 * @param path real, of a file or folder; what is in the workspace of a task is none of it, also where Pawl's home is
 */
export const isPrivate = ({ userHomes, workspaces }: HomeFolders, path: string): boolean =>
  userHomes.some((home) => isInside(home, path) && relative(home, path).startsWith('.')) &&
  !isInside(workspaces, path);

/** What a folder is instead of a working directory. @param directory real path */
export function problemWithDirectory(folders: HomeFolders, directory: string): string | undefined {
  if (isOfSystem(directory)) return 'a folder of the system';
  if (isOfHome(folders, directory)) return "one of Pawl's own";
  if (SYSTEM_FOLDERS.some((folder) => isInside(directory, folder)))
    return 'one that holds folders of the system';
  if (isInside(directory, folders.home)) return 'one that holds the home of Pawl';
  if (isPrivate(folders, directory)) return "a private folder in the home folder of the engine's user";
  if (folders.userHomes.some((home) => isIn(directory, home)))
    return "the home folder of the engine's user, or one that holds it";
  if (SHARED_FOLDERS.some((folder) => folder === directory)) return 'one that holds the folders of others';
  return undefined;
}

const isIn = (folder: string, path: string): boolean => path === folder || isInside(folder, path);
