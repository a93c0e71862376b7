/**
 * The settings of one Pawl, read from the environment in one place. README's table and `SETTINGS` say the same.
 */
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { PawlError } from './domain/failures.ts';
import { isSecretWord, SECRET_WORD } from './domain/secret-word.ts';

export interface Config {
  /** Everything of Pawl on this machine; mode 0700. */
  readonly home: string;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Whose pages may call the engine besides its own, each as browsers name it. */
  readonly origins: readonly string[];
  /** Another Temporal, by address or by a named profile of `@temporalio/envconfig`; else the embedded one. */
  readonly temporal:
    | { readonly kind: 'embedded' }
    | {
        readonly kind: 'external';
        readonly address?: string;
        readonly profile?: string;
        /** Its Web UI, for links; no engine finds it by itself. */
        readonly ui?: string;
      };
  readonly agentsPerHostMax: number;
  readonly agentsPerRepositoryMax: number;
  /** How long a watch of a pull request on GitHub waits between two looks. */
  readonly gitHubPollSeconds: number;
  /** Whether the engine has a worker inside; without one, `node src/worker.ts` runs beside it. */
  readonly worker: boolean;
  /** Workflows that the worker keeps in memory; one that it does not have is read anew from its history. 0: none. */
  readonly workflowsCachedMax: number;
  /** What the engine keeps free for itself on the disk of its home (`engine/ballast.ts`). 0: nothing. */
  readonly ballastBytes: number;
  /** An engine that this process asks in place of that of its home: `PAWL_URL` with its `PAWL_TOKEN`. */
  readonly elsewhere?: { readonly api: string; readonly token: string };
  /** How long `pawl mcp` waits before each time it makes a call again that did not reach the engine; then it asks its user. */
  readonly mcpRetryMs: readonly number[];
  /** Whether a client whose user cannot be asked has such calls kept for later, as if skip had been chosen. */
  readonly mcpSpool: boolean;
  /** Where a worker beside the engine answers `GET /api/health`; without one it does not. */
  readonly workerPort?: number;
}

/** @throws PawlError `invalid_input` naming every setting that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
    return fallback;
  };
  const isOn = (name: string, fallback: 'on' | 'off' = 'on'): boolean => {
    const text = env[name] || fallback;
    if (text !== 'on' && text !== 'off')
      problems.push(`${name}: expected on or off, got ${JSON.stringify(text)}`);
    return text === 'on';
  };
  const elsewhere = engineElsewhere(env, problems);
  const config: Config = {
    ...(elsewhere === undefined ? {} : { elsewhere }),
    home: homeFolder(env),
    host: env.PAWL_HOST || '127.0.0.1',
    port: whole('PAWL_PORT', 8100, 0, 65_535),
    origins: allowedOrigins(env, problems),
    temporal: temporalChoice(env, problems),
    agentsPerHostMax: whole('PAWL_AGENTS_PER_HOST', 4, 1, 1_000),
    agentsPerRepositoryMax: whole('PAWL_AGENTS_PER_REPOSITORY', 2, 1, 1_000),
    gitHubPollSeconds: whole('PAWL_GITHUB_POLL_SECONDS', 20, 1, 3_600),
    worker: isOn('PAWL_WORKER'),
    // More than agents and clients work at in one moment; twice as many take 40 MB more of the engine.
    workflowsCachedMax: whole('PAWL_WORKFLOWS_CACHED', 100, 0, 100_000),
    ballastBytes: whole('PAWL_BALLAST_MB', 64, 0, 1_024) * 1024 * 1024,
    mcpRetryMs: retryDelays(env, problems),
    mcpSpool: isOn('PAWL_MCP_SPOOL', 'off'),
    ...(env.PAWL_WORKER_PORT ? { workerPort: whole('PAWL_WORKER_PORT', 0, 1, 65_535) } : {}),
  };
  if (problems.length > 0) throw new PawlError('invalid_input', problems.join('; '));
  return config;
}

/** An engine that was killed is there again within the first; the second is for one that something else holds up. */
const RETRY_SECONDS = '5,10';

function retryDelays(env: NodeJS.ProcessEnv, problems: string[]): readonly number[] {
  const text = env.PAWL_MCP_RETRY_SECONDS || RETRY_SECONDS;
  if (/^\d{1,3}(?:,\d{1,3}){0,9}$/.test(text))
    return text.split(',').map((seconds) => Number(seconds) * 1_000);
  problems.push(
    `PAWL_MCP_RETRY_SECONDS: expected 1 to 10 whole numbers of seconds with commas between, such as ${RETRY_SECONDS}, got ${JSON.stringify(text)}`,
  );
  return [];
}

function allowedOrigins(env: NodeJS.ProcessEnv, problems: string[]): readonly string[] {
  const origins = (env.PAWL_ORIGINS ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  // What a browser sends is compared as it is: one that is written otherwise, or matches many, would allow nobody or anybody.
  const other = origins.find((text) => !/^https?:/.test(text) || URL.parse(text)?.origin !== text);
  if (other !== undefined)
    problems.push(
      `PAWL_ORIGINS: expected origins such as https://board.example:8443 with commas between, without a path, got ${JSON.stringify(other)}`,
    );
  return origins;
}

function engineElsewhere(env: NodeJS.ProcessEnv, problems: string[]): Config['elsewhere'] {
  if (!env.PAWL_URL) return undefined;
  const url = URL.parse(env.PAWL_URL);
  // What is there is an origin: a path would be lost, and a password would be shown.
  if (url === null || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href)
    problems.push(
      'PAWL_URL: expected the address of an engine such as http://127.0.0.1:8100, got another text',
    );
  const { PAWL_TOKEN: token = '' } = env;
  // Never shown, also where it is none.
  if (!isSecretWord(token))
    problems.push(
      `PAWL_TOKEN: expected a token of the engine at PAWL_URL (\`pawl token\` on its host prints one), ${SECRET_WORD}${token === '' ? '' : `, got ${token.length} characters that are not`}`,
    );
  return { api: url?.origin ?? '', token };
}

function homeFolder(env: NodeJS.ProcessEnv): string {
  if (env.PAWL_HOME) return resolve(env.PAWL_HOME);
  const paths = envPaths('pawl', { suffix: '' });
  // What env-paths calls the log folder is Linux's state folder.
  return process.platform === 'linux' ? paths.log : paths.data;
}

/** A default profile made for other tools is never used by surprise: only what is named counts. */
function temporalChoice(env: NodeJS.ProcessEnv, problems: string[]): Config['temporal'] {
  const ui = webUi(env, problems);
  const external = { kind: 'external', ...(ui !== undefined && { ui }) } as const;
  if (env.TEMPORAL_PROFILE) return { ...external, profile: env.TEMPORAL_PROFILE };
  if (env.TEMPORAL_ADDRESS) return { ...external, address: env.TEMPORAL_ADDRESS };
  return { kind: 'embedded' };
}

function webUi(env: NodeJS.ProcessEnv, problems: string[]): string | undefined {
  const text = env.PAWL_TEMPORAL_UI;
  if (!text) return undefined;
  const url = URL.parse(text);
  // It is printed, and followed by the path of a page: a password would be shown, and what a query asks be lost.
  if (url !== null && /^https?:$/.test(url.protocol) && `${url.origin}${url.pathname}` === url.href)
    return url.href.replace(/\/$/, '');
  problems.push(
    'PAWL_TEMPORAL_UI: expected the address of a Temporal Web UI such as http://127.0.0.1:8233, got another text',
  );
  return undefined;
}

/** Every place in the home, named once. */
export const placesIn = (home: string) => ({
  lock: join(home, 'engine.lock'),
  startLock: join(home, 'engine-start.lock'),
  endpoints: join(home, 'endpoints.json'),
  token: join(home, 'token'),
  secret: join(home, 'secret'),
  tokens: join(home, 'tokens'),
  envFile: join(home, '.env'),
  hostId: join(home, 'host-id'),
  database: join(home, 'temporal.db'),
  ballast: join(home, 'ballast'),
  temporalProcess: join(home, 'temporal.json'),
  temporalLog: join(home, 'temporal.log'),
  engineProcess: join(home, 'engine.json'),
  log: join(home, 'engine.log'),
  callErrors: join(home, 'call-errors.jsonl'),
  cliLog: join(home, 'cli.log'),
  workerLog: join(home, 'worker.log'),
  workers: join(home, 'workers'),
  recoveryLock: join(home, 'recovery.lock'),
  inspected: join(home, 'inspected.json'),
  olderRuns: join(home, 'older-runs.json'),
  ownCommand: join(home, 'bin'),
  owedCancellations: join(home, 'owed-cancellations'),
  sample: join(home, 'sample'),
  mirrors: join(home, 'mirrors'),
  workspaces: join(home, 'workspaces'),
  checks: join(home, 'checks'),
  copied: join(home, 'copied'),
  attemptLogs: join(home, 'logs'),
  artifacts: join(home, 'artifacts'),
  sessions: join(home, 'sessions'),
  /** Of the user: only read. */
  loops: join(home, 'loops'),
  skills: join(home, 'skills'),
  archive: join(home, 'archive'),
  keptCalls: join(home, 'kept-calls.jsonl'),
  /** Of engines before there was `keptCalls`: they go with their age. */
  answers: join(home, 'answers'),
  spool: join(home, 'spool'),
  vouchedBases: join(home, 'vouched-bases'),
  journal: join(home, 'journal'),
  pullRequests: join(home, 'pull-requests'),
  scratch: join(home, 'scratch'),
  locks: join(home, 'locks'),
});
export type Places = ReturnType<typeof placesIn>;
