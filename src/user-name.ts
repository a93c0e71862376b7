/** Who runs this process, as the operating system calls them. */
import { homedir, userInfo } from 'node:os';

export function userName(): string {
  try {
    return userInfo().username || 'unknown';
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // a container's user need not have a name
  }
}

/** Their home folders: as the shell has it, and as the operating system has it, which may be another. */
export function userHomes(): readonly string[] {
  try {
    return [homedir(), userInfo().homedir];
  } catch {
    return [homedir()];
  }
}
