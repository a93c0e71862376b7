/** Who runs this process, as the operating system calls them. */
import { userInfo } from 'node:os';

export function userName(): string {
  try {
    return userInfo().username || 'unknown';
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // a container's user need not have a name
  }
}
