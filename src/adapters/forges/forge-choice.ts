/**
 * Where the pull request of a run goes: GitHub, when the repository's remote is there and a token is set, or when it is
 * asked for; else Pawl's own forge. Reads the remote's address as text; nothing of the repository is started or reached.
 */
import { PawlError } from '../../domain/failures.ts';
import { detailsOf } from '../../domain/lacks.ts';
import { ForgeChoice } from '../../domain/task-spec.ts';
import type { Environment } from '../programs/environment.ts';
import { type NamedRemote, remoteOf } from '../repository/named-remote.ts';
import { type GitHubHost, gitHubHosts, TOKEN_VARIABLES, tokenIn, withoutToken } from './github/hosts.ts';

export interface ForgeWish {
  /** Top folder of the repository. */
  readonly repository: string;
  readonly asked: 'local' | 'github' | undefined;
  readonly environment: Environment;
}

/** @throws PawlError `precondition` when GitHub is asked for and something is missing, or a setting is wrong */
export async function forgeFor({
  repository,
  asked,
  environment,
}: ForgeWish): Promise<ForgeChoice | undefined> {
  if (asked === 'local') return undefined;
  const hasToken = tokenIn(environment) !== undefined;
  if (!hasToken && asked === undefined) return undefined;
  const remote = await remoteOf(repository);
  const found = remote === undefined ? undefined : onGitHub(remote.url, gitHubHosts(environment));
  if (found === undefined && asked === undefined) return undefined;
  if (found === undefined) throw new PawlError('precondition', withoutRemote(repository, remote));
  if (!hasToken) {
    const problem = { message: withoutToken(found), lacks: { variables: [...TOKEN_VARIABLES] } };
    throw new PawlError('precondition', problem.message, { details: detailsOf([problem]) });
  }
  return { name: 'github', ...found, mergeMethod: mergeMethodIn(environment) };
}

function mergeMethodIn({ PAWL_GITHUB_MERGE: text }: Environment): ForgeChoice['mergeMethod'] {
  const method = ForgeChoice.shape.mergeMethod.safeParse(text?.trim() || 'merge');
  if (method.success) return method.data;
  throw new PawlError(
    'precondition',
    `PAWL_GITHUB_MERGE is ${JSON.stringify(text)}: expected merge, squash or rebase`,
  );
}

const withoutRemote = (repository: string, remote: NamedRemote | undefined): string =>
  remote === undefined
    ? `${repository} has no remote origin: add the one on GitHub with \`git remote add origin <address>\``
    : `remote ${remote.name} of ${repository} is at ${placeIn(remote.url)}, which is no repository on GitHub: correct it, or set GH_HOST for GitHub Enterprise`;

/** An address may hold a password, so only its host is shown. */
const placeIn = (url: string): string => hostAndPath(url)?.host || 'an address without a host';

export type Place = Pick<ForgeChoice, 'api' | 'url' | 'owner' | 'repository'>;

/** Pure: what an address of git's means, if it is a repository of one of these hosts. */
export function onGitHub(address: string, hosts: readonly GitHubHost[]): Place | undefined {
  const found = hostAndPath(address);
  const host = hosts.find(({ web }) => found !== undefined && isOn(found, new URL(web)));
  const [, owner, repository] = /^\/*([\w.-]+)\/([\w.-]+?)(?:\.git)?\/*$/.exec(found?.path ?? '') ?? [];
  if (host === undefined || owner === undefined || repository === undefined) return undefined;
  if (/^\.+$/.test(owner) || /^\.+$/.test(repository)) return undefined;
  return { api: host.api, url: `${host.web}/${owner}/${repository}.git`, owner, repository };
}

interface HostAndPath {
  readonly protocol: string;
  readonly host: string;
  readonly hostname: string;
  readonly path: string;
}

/** `https://host/path`, `ssh://user@host:port/path`, and `user@host:path` as scp writes it. */
function hostAndPath(address: string): HostAndPath | undefined {
  const text = address.trim();
  if (/^(https?|ssh|git\+ssh|git):\/\//i.test(text)) {
    // Only of protocols that the standard knows is a host understood in full.
    const url = URL.parse(text.replace(/^(?:ssh|git\+ssh|git):/i, 'https:'));
    if (url === null) return undefined;
    const protocol = text.slice(0, text.indexOf(':')).toLowerCase();
    return { protocol, host: url.host, hostname: url.hostname, path: url.pathname };
  }
  const [, hostname, path] = /^(?:[^@/\\\s]+@)?([\w.-]+|\[[\da-f:]+\]):(?!\/\/)(.+)$/i.exec(text) ?? [];
  if (hostname === undefined || path === undefined) return undefined;
  const host = hostname.toLowerCase();
  return { protocol: 'ssh', host, hostname: host, path };
}

/** The port of ssh is another than that of the web; GitHub also takes ssh where only https gets through. */
function isOn({ protocol, host, hostname }: HostAndPath, web: URL): boolean {
  if (protocol === 'http' || protocol === 'https') {
    return host === web.host || hostname === `www.${web.hostname}`;
  }
  return hostname === web.hostname || hostname === `ssh.${web.hostname}`;
}
