/**
 * Which hosts are GitHub for this engine, and the token for them. Both come from the engine's environment at the moment
 * they are needed; the token goes to no other host, whatever a task says, and is kept nowhere.
 */
import { PawlError } from '../../../domain/failures.ts';
import type { TaskRef } from '../../../domain/steps.ts';
import type { ForgeChoice } from '../../../domain/task-spec.ts';
import { isSafeAddress, type Remote } from '../../git/remote.ts';
import type { Environment } from '../../programs/environment.ts';

export interface GitHubHost {
  /** Of the web pages and of git over https, without a path: `https://github.com`. */
  readonly web: string;
  /** Of the REST API, without a slash at the end. */
  readonly api: string;
}

/** What one call needs besides the task. */
export interface Access {
  readonly forge: ForgeChoice;
  readonly token: string;
}

const GITHUB: GitHubHost = { web: 'https://github.com', api: 'https://api.github.com' };
/** GitHub's own order; Pawl's name comes first, so that it can be given a token of its own. */
export const TOKEN_VARIABLES = ['PAWL_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN'] as const;

export function tokenIn(environment: Environment): string | undefined {
  return TOKEN_VARIABLES.map((name) => environment[name]?.trim()).find(
    (value) => value !== undefined && value !== '',
  );
}

/** Pure: github.com, and the Enterprise hosts that `GITHUB_API_URL` and `GH_HOST` name. @throws PawlError `precondition` */
export function gitHubHosts({ GITHUB_API_URL, GH_HOST }: Environment): readonly GitHubHost[] {
  const byApi = GITHUB_API_URL?.trim() ? [hostOfApi(GITHUB_API_URL.trim())] : [];
  const byName = GH_HOST?.trim() ? [hostNamed(GH_HOST.trim())] : [];
  const known = new Map([...byName, ...byApi, GITHUB].map((host) => [host.web, host]));
  return [...known.values()];
}

function hostOfApi(text: string): GitHubHost {
  const url = URL.parse(text);
  if (url === null || !isSafeAddress(url)) {
    throw new PawlError(
      'precondition',
      `GITHUB_API_URL is ${JSON.stringify(text)}: expected an address such as https://github.example.com/api/v3`,
    );
  }
  const api = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  // With a path it is Enterprise Server, which has all on one host; else the API has a host of its own.
  return { web: url.pathname.length > 1 ? url.origin : url.origin.replace('//api.', '//'), api };
}

function hostNamed(name: string): GitHubHost {
  const url = URL.parse(`https://${name}`);
  if (url === null || url.host !== name.toLowerCase()) {
    throw new PawlError(
      'precondition',
      `GH_HOST is ${JSON.stringify(name)}: expected the name of a host such as github.example.com`,
    );
  }
  if (url.origin === GITHUB.web) return GITHUB;
  const isCloud = url.host.endsWith('.ghe.com');
  return { web: url.origin, api: isCloud ? `https://api.${url.host}` : `${url.origin}/api/v3` };
}

/**
 * The right to speak for a task to its forge, looked up now.
 * @throws PawlError `precondition` without a token, or for a host that this engine does not know as GitHub
 */
export function accessTo({ id, forge }: TaskRef, environment: Environment): Access {
  if (forge === undefined) throw new TypeError(`task ${id} has no forge of its own`);
  const known = gitHubHosts(environment).some(
    ({ web, api }) => forge.api === api && forge.url.startsWith(`${web}/`),
  );
  if (!known) {
    throw new PawlError(
      'precondition',
      `${new URL(forge.api).host} is no GitHub that this engine knows: set GITHUB_API_URL to its API for the engine`,
    );
  }
  const token = tokenIn(environment);
  if (token !== undefined) return { forge, token };
  throw new PawlError('precondition', withoutToken(forge));
}

export const withoutToken = ({ owner, repository }: Pick<ForgeChoice, 'owner' | 'repository'>): string =>
  `no GitHub token is set: set ${TOKEN_VARIABLES.join(', ').replace(/, (?=[^,]*$)/, ' or ')} for the engine to one that may push to ${owner}/${repository}`;

/** How git reaches a task's repository; undefined for a task that has none on GitHub. @throws as `accessTo` */
export const gitHubRemotes =
  (environment: () => Environment) =>
  (task: TaskRef): Remote | undefined =>
    task.forge?.name === 'github' ? remoteOf(accessTo(task, environment())) : undefined;

export function remoteOf({ forge, token }: Access): Remote {
  const credential = Buffer.from(`x-access-token:${token}`).toString('base64');
  return { url: forge.url, authorization: `Basic ${credential}` };
}
