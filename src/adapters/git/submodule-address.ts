/**
 * Where a submodule is fetched from, by what `.gitmodules` says of it. That is input, also where an agent wrote it: it names a
 * repository and nothing else, and a repository of the network names none of this machine. Pure.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSafeAddress } from './remote.ts';

export type Address =
  /** `at`: an address of https, or of http on this machine. */
  | { readonly kind: 'network'; readonly at: string }
  /** `at`: a folder of this machine. */
  | { readonly kind: 'local'; readonly at: string }
  /** Asked with the keys of the engine's user, and only where the base names it. */
  | { readonly kind: 'ssh'; readonly at: string }
  /** `why`: a part of a sentence. */
  | { readonly kind: 'none'; readonly at: string; readonly why: string };

const none = (at: string, why: string): Address => ({ kind: 'none', at, why });

const CHARS_MAX = 2_000;
/** `ext::…` and the like: a program, not an address. */
const BY_PROGRAM = /^[\w+.-]*::/;
/** `git@example.org:team/lib.git`. */
const SCP_LIKE = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.*)$/;

/**
 * @param written `url` of `.gitmodules`
 * @param from the address of the repository that has it, from which `../lib` starts: an absolute path, or one of a network
 */
export function addressOf(written: string, from: string): Address {
  if (written === '' || written.length > CHARS_MAX || /\p{Cc}/u.test(written))
    return none('', 'its url is none');
  if (written.startsWith('-')) return none(written, 'its url begins with a hyphen');
  if (BY_PROGRAM.test(written)) return none(written, 'its url names a program');
  const whole = /^\.{1,2}\//.test(written) ? joined(from, written) : written;
  if (whole === undefined) return none(written, `its url leads out of ${from}`);
  if (whole.startsWith('/') || whole.startsWith('file://')) return local(whole, from);
  const url = URL.parse(whole);
  if (url !== null && whole.includes('://')) return remote(url, whole, from);
  const [, host = '', path = ''] = SCP_LIKE.exec(whole) ?? [];
  return host === '' ? none(whole, 'its url is no address') : bySsh(whole, { host, path }, from);
}

const isLocal = (from: string): boolean => from.startsWith('/');

function local(whole: string, from: string): Address {
  if (!isLocal(from)) return none(whole, `its url is a folder of this machine, and ${from} is not on it`);
  try {
    return { kind: 'local', at: whole.startsWith('/') ? resolve(whole) : fileURLToPath(whole) };
  } catch {
    return none(whole, 'its url is no address');
  }
}

function remote(url: URL, whole: string, from: string): Address {
  const { protocol, hostname, pathname } = url;
  if (/^(?:git\+)?ssh:$/.test(protocol)) return bySsh(whole, { host: hostname, path: pathname }, from);
  if (url.username !== '' || url.password !== '') return none(url.host, 'its url holds a name or password');
  if (!isSafeAddress(url)) return none(whole, 'its url is neither of https nor of ssh');
  return { kind: 'network', at: url.href };
}

/** What is on the host of an https remote is fetched as that is, with a credential where there is one. */
function bySsh(
  whole: string,
  { host, path }: { readonly host: string; readonly path: string },
  from: string,
): Address {
  const own = isLocal(from) ? null : URL.parse(from);
  if (own?.protocol !== 'https:' || own.hostname !== host.toLowerCase()) return { kind: 'ssh', at: whole };
  const url = URL.parse(path.startsWith('/') ? path : `/${path}`, own.origin);
  return url === null ? none(whole, 'its url is no address') : { kind: 'network', at: url.href };
}

/** As git does it: each `../` takes a part off the end. undefined where there is none left. */
function joined(from: string, written: string): string | undefined {
  if (isLocal(from)) return resolve(from, written);
  const root = /^[\w+.-]+:\/\/[^/]+|^[^/:]+:/.exec(from)?.[0];
  if (root === undefined) return undefined;
  const parts = from.slice(root.length).split('/').filter(Boolean);
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return `${root}${root.endsWith(':') ? '' : '/'}${parts.join('/')}`;
}
