/**
 * The only place where Pawl's git uses a network: one repository behind one address, over https, or http on this very
 * machine. A credential goes into the environment of that one git and is bound to that address, so no redirect,
 * rewritten address or setting of a repository takes it elsewhere. Submodules are fetched over ssh as well, with the user's keys.
 */
import { PawlError } from '../../domain/failures.ts';
import { tail } from '../../domain/limits.ts';
import { isLoopback } from '../../domain/loopback.ts';
import { placeOf } from './mirror.ts';
import { objectId, readCommits } from './objects.ts';
import { GitError, type GitPlace, git, type Setting } from './run-git.ts';

export interface Remote {
  /** Without a credential in it. Of ssh, which takes none of ours, also as `git@example.org:team/lib.git`. */
  readonly url: string;
  /** The value of an HTTP header `Authorization`; absent where the address is asked as by anybody. */
  readonly authorization?: string;
}

/** What a company's network needs; git is started with nothing else of the engine's environment. */
const PASSED = [
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'CURL_CA_BUNDLE',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/** Pure: https anywhere, http only where nobody else can listen. */
export const isSafeAddress = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));

/** Where a branch of the remote is; undefined when there is none. @throws PawlError as `overNetwork` */
export async function remoteTip(remote: Remote, branch: string): Promise<string | undefined> {
  const ref = `refs/heads/${branch}`;
  // No repository is above the root, so none has a say.
  const place = networked({ cwd: '/' }, remote);
  const { stdout } = await overNetwork(remote, () => git(place, ['ls-remote', '--', remote.url, ref]));
  const line = stdout
    .toString('utf8')
    .split('\n')
    .find((one) => one.endsWith(`\t${ref}`));
  return line === undefined ? undefined : objectId(line.slice(0, line.indexOf('\t')));
}

/** Brings a commit and all it stands on into the mirror, without a ref. Idempotent. @throws as `remoteTip` */
export const fetchCommit = (mirror: string, remote: Remote, commit: string): Promise<void> =>
  fetchInto(mirror, remote, objectId(commit));

/** Into a mirror of nothing but this remote. Answers whether the remote has the commit. Idempotent. @throws as `remoteTip` */
export async function fetchIfThere(mirror: string, remote: Remote, commit: string): Promise<boolean> {
  const answerOf = async (wanted: string): Promise<string> => {
    try {
      await fetchInto(mirror, remote, wanted);
      return '';
    } catch (error) {
      const said = error instanceof PawlError && error.cause instanceof GitError ? error.cause.stderr : '';
      if (!/not our ref|unadvertised object/.test(said)) throw error;
      return said;
    }
  };
  const said = await answerOf(objectId(commit));
  if (said === '') return true;
  // There are servers that give no commit by its name alone, but for the tips of branches.
  if (!said.includes('unadvertised object')) return false;
  await answerOf('+refs/heads/*:refs/pawl/theirs/*');
  return (await readCommits(placeOf(mirror), [commit]))[0] !== undefined;
}

async function fetchInto(mirror: string, remote: Remote, wanted: string): Promise<void> {
  const options = [
    '-q',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--no-recurse-submodules',
  ];
  const place = networked(placeOf(mirror), remote);
  await overNetwork(remote, () => git(place, ['fetch', ...options, '--', remote.url, wanted]));
}

export interface PushMove {
  readonly branch: string;
  /** Where it has to be for the push to count; undefined when it must not be there. */
  readonly from: string | undefined;
  readonly to: string;
}

/**
 * Moves a branch of the remote. Nothing happens when it is not where it is expected.
 * @returns what the remote said against it; undefined when it has moved
 * @throws PawlError as `remoteTip`; after `unavailable` the outcome is unknown: look where the branch is
 */
export async function pushCommit(
  mirror: string,
  remote: Remote,
  move: PushMove,
): Promise<string | undefined> {
  const ref = `refs/heads/${move.branch}`;
  const lease = `--force-with-lease=${ref}:${move.from ?? ''}`;
  const options = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no', lease];
  const place = networked(placeOf(mirror), remote);
  const args = ['push', ...options, '--', remote.url, `${objectId(move.to)}:${ref}`];
  const { exitCode, stdout, stderr } = await overNetwork(remote, () => git(place, args, { accept: [1] }));
  if (exitCode === 0) return undefined;
  const rejected = stdout
    .toString('utf8')
    .split('\n')
    .find((line) => line.startsWith('!'));
  // Without a word from the other side about this branch nobody knows what became of it.
  if (rejected === undefined || rejected.includes('[remote failure]')) {
    throw new PawlError('unavailable', `the push to ${remote.url} was cut off: ${tail(stderr.trim(), 300)}`);
  }
  const said = [rejected.split('\t').at(-1) ?? '', ...remoteLines(stderr)].filter(Boolean);
  return tail(said.join(' '), 500) || 'no reason was given';
}

/** What the other side printed: where a rule of the repository speaks. */
const remoteLines = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/^remote: (.*\S)/gm)].map(([, line = '']) => line);

/** It asks nobody for anything, and knows the host already. */
const SSH_COMMAND =
  'ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=30 -o ServerAliveInterval=20';

const isOfSsh = (url: string): boolean => /^(?:git\+)?ssh:\/\/|^[^/]+:(?!\/\/)/.test(url);

/** A place whose commands may ask that address, and nothing else. */
export function networked(place: GitPlace, { url, authorization }: Remote): GitPlace {
  if (isOfSsh(url)) {
    const { SSH_AUTH_SOCK } = process.env;
    const ssh = {
      GIT_SSH_COMMAND: SSH_COMMAND,
      GIT_SSH_VARIANT: 'ssh',
      GIT_ALLOW_PROTOCOL: 'ssh',
      SSH_AUTH_SOCK,
    };
    return { ...place, env: { ...place.env, ...ssh } };
  }
  const address = new URL(url);
  if (!isSafeAddress(address) || address.username !== '' || address.password !== '') {
    throw new PawlError(
      'precondition',
      `expected an https address without a name or password in it, got one of ${address.host}: correct the remote`,
    );
  }
  const environment = Object.fromEntries(
    PASSED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const http: readonly Setting[] = [
    ...(authorization === undefined ? [] : [['extraHeader', `Authorization: ${authorization}`] as const]),
    ['followRedirects', 'false'],
    ['sslVerify', 'true'],
    ['cookieFile', ''],
    // A connection that has died without a word.
    ['lowSpeedLimit', '100'],
    ['lowSpeedTime', '60'],
  ];
  return {
    cwd: place.cwd,
    env: { ...place.env, ...environment, GIT_ALLOW_PROTOCOL: address.protocol.slice(0, -1) },
    config: [
      ...(place.config ?? []),
      ...http.map(([name, value]): Setting => [`http.${url}.${name}`, value]),
    ],
  };
}

/** As git says it, and as Git LFS does. */
const REFUSES =
  /Authentication failed|could not read (Username|Password)|returned error: 40[13]|Authorization error|Authentication required/;
/** What a server of Git LFS has answered, but for that it failed, or wants to be asked later. */
const ANSWERED = /batch response: (?!Post |Server error|Rate limit|Fatal error)(.*)/;
const NOT_THERE = /repository '.*' not found|returned error: 404|Repository or object not found/;

/**
 * @throws PawlError `precondition` when the remote does not accept the credential or is not there; `unavailable` for
 * everything that may pass
 */
export async function overNetwork<T>({ url, authorization }: Remote, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const { stderr } = error;
    const answered = NOT_THERE.test(stderr) ? undefined : ANSWERED.exec(stderr)?.[1];
    if (REFUSES.test(stderr) || answered !== undefined) {
      const refused =
        authorization === undefined ? 'it wants a credential' : 'the credential is not accepted';
      const why = remoteLines(stderr).join(' ') || answered || refused;
      throw new PawlError(
        'precondition',
        `${url} refuses git (${tail(why, 300)}): set a token that may read and write its contents`,
        { cause: error },
      );
    }
    if (/Permission denied \(|Host key verification failed/.test(stderr)) {
      throw new PawlError('precondition', `${url} refuses ssh: ${tail(error.message, 300)}`, {
        cause: error,
      });
    }
    if (NOT_THERE.test(stderr)) {
      throw new PawlError(
        'precondition',
        `${url} is not there for this token: correct the remote or the token`,
        {
          cause: error,
        },
      );
    }
    throw new PawlError('unavailable', `${url} could not be reached by git: ${tail(error.message, 300)}`, {
      cause: error,
    });
  }
}
