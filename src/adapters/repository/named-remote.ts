/** The remote of a repository: `origin`, or the only one there is. Read as text; nothing is started or reached. */
import { git } from '../git/run-git.ts';

export interface NamedRemote {
  readonly name: string;
  /** Its first address; it may hold a password. */
  readonly url: string;
}

/** @param repository any folder of it */
export async function remoteOf(repository: string): Promise<NamedRemote | undefined> {
  const args = ['config', '-z', '--get-regexp', '^remote\\..*\\.url$'];
  const { stdout } = await git({ cwd: repository }, args, { accept: [1] });
  const remotes = new Map<string, string>();
  for (const entry of stdout.toString('utf8').split('\0').filter(Boolean)) {
    const end = entry.indexOf('\n');
    const name = entry.slice('remote.'.length, end - '.url'.length);
    if (!remotes.has(name)) remotes.set(name, entry.slice(end + 1));
  }
  const [name = '', url] = remotes.has('origin')
    ? ['origin', remotes.get('origin')]
    : remotes.size === 1
      ? ([...remotes][0] ?? [])
      : [];
  return url === undefined ? undefined : { name, url };
}

const WITH_HOST = /^(https?|ssh|git|git\+ssh):\/\//i;
/** `ext::…` and the like: a program, not an address. */
const BY_PROGRAM = /^[\w+.-]*::/;

/**
 * Pure: an address that may be shown to a program of somebody else's, without the name and password that it may hold;
 * undefined for what is none, or names a program.
 */
export function addressWithoutPassword(address: string): string | undefined {
  if (/\p{Cc}/u.test(address) || address.trim() === '' || BY_PROGRAM.test(address)) return undefined;
  if (!WITH_HOST.test(address)) return /^\w+:\/\/.*@/.test(address) ? undefined : address;
  const scheme = address.slice(0, address.indexOf(':'));
  // Only of protocols that the standard knows is an address understood in full.
  const url = URL.parse(address.replace(WITH_HOST, 'https://'));
  if (url === null) return undefined;
  // With ssh the name says how to log in; with others it is a credential, or a part of one.
  const user = /ssh$/i.test(scheme) && url.username !== '' ? `${url.username}@` : '';
  return `${scheme}://${user}${url.host}${url.pathname}`;
}
