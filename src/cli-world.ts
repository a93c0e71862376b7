/**
 * The real world of the command line: terminal, engine, files. What only some commands need is loaded by them: Temporal's
 * client and worker take a third of a second.
 */

import { randomInt, randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeHookOf, mcpEntry, serveMcp } from './cli-mcp.ts';
import { type Config, placesIn, readConfig } from './config.ts';
import type { Pawl } from './connect.ts';
import { clientOf } from './domain/calls.ts';
import { PawlError } from './domain/failures.ts';
import type { Lacks } from './domain/lacks.ts';
import { localCaller } from './domain/scopes.ts';
import { Interrupted } from './edge/cli/interrupt.ts';
import type { InShell } from './edge/cli/shell-advice.ts';
import { askText, choose, discard, readText, screenOf } from './edge/cli/terminal.ts';
import type { CliWorld, Foreground, Sample, TokenScope } from './edge/cli/world.ts';
import { liveEndpoints } from './engine/endpoints.ts';
import { userName } from './user-name.ts';
import { VERSION } from './version.ts';
import { workingFolder } from './working-folder.ts';

const ROOT = join(import.meta.dirname, '..');

export async function createWorld(
  signal: AbortSignal,
  abort: (reason: string) => void,
  keep: (pawl: Pawl) => void,
): Promise<CliWorld> {
  // Read when needed, so that `pawl --help` works whatever the settings are.
  const config = () => readConfig();
  return {
    version: VERSION,
    get cwd() {
      return workingFolder();
    },
    out: await screenOf(process.stdout),
    err: await screenOf(process.stderr),
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    signal,
    now: () => performance.now(),
    date: () => Date.now(),
    sleep: (ms, until) => sleep(ms, undefined, { signal: until }).catch(ignoreAbort),
    newSuffix: () =>
      randomInt(36 ** 4)
        .toString(36)
        .padStart(4, '0'),
    readInput: (bytesMax) => readText(process.stdin, bytesMax),
    discardInput: (until) => discard(process.stdin, until),
    async engine(notice) {
      // One that is started from here would have it too.
      workingFolder();
      if (config().elsewhere === undefined) {
        const { ensureEngine } = await import('./engine/background.ts');
        await ensureEngine(config(), notice);
      }
      const { connect } = await import('./connect.ts');
      const pawl = await connect();
      keep(pawl);
      return pawl;
    },
    async background({ port, anyPort = false }, notice, until) {
      const [{ withFreePort }, { answeringEngine }] = await Promise.all([
        import('./engine/background.ts'),
        import('./engine/answering-engine.ts'),
      ]);
      const own = onThisHost(config());
      const started = (await liveEndpoints(own.home)) === undefined;
      const asked = started && anyPort ? withFreePort(own, notice) : withPort(own, port);
      return { endpoints: await answeringEngine(asked, notice, { signal: until }), started };
    },
    foreground: async ({ port }, notice) =>
      foreground(withPort(onThisHost(config()), port), signal, abort, notice),
    running: async () => liveEndpoints(onThisHost(config()).home),
    down: async (onNotice) =>
      (await import('./engine/stop-engine.ts')).stopEngine(onThisHost(config()), { onNotice }),
    isElsewhere: () => config().elsewhere !== undefined,
    reachable: (url) => throughTunnel(url, config()),
    openInBrowser: async (url) =>
      (await import('./adapters/programs/open-browser.ts')).openBrowser(new URL(url)),
    readFile: async (path) => (await import('./own-files.ts')).readFileToSend(config(), path),
    inShell: (lacks) => inShell(lacks, config()),
    shell: async (task) => (await import('./cli-shell.ts')).openShell(onThisHost(config()), task),
    inspectRepository: async (path) =>
      (await import('./adapters/repository/find-repository.ts')).inspectRepository(path),
    propose: async (folder) => {
      onThisHost(config());
      return (await import('./adapters/repository/proposal.ts')).proposeConfiguration(folder);
    },
    writeProposal: async (proposal, overwrite) =>
      (await import('./adapters/repository/proposal.ts')).writeProposal(proposal, overwrite),
    proposeLoop: async (folder, loop) => {
      onThisHost(config());
      return (await import('./adapters/loops/new-loop.ts')).proposeLoop(folder, loop);
    },
    writeLoop: async (proposed, overwrite) =>
      (await import('./adapters/loops/new-loop.ts')).writeLoop(proposed, overwrite),
    token: (scope) => tokenFor(scope, config()),
    mcpEntry: (request) => mcpEntry(request, config()),
    hook: (request) => changeHookOf(request, config()),
    serveMcp: (options, notice) => serveMcp(options, config(), signal, notice),
    sample: () => sample(config()),
    choose,
    askText,
    logBug: (error) => logBug(error),
  };
}

/** @throws PawlError `precondition` where this process asks an engine elsewhere */
function onThisHost(config: Config): Config {
  if (config.elsewhere === undefined) return config;
  throw new PawlError(
    'precondition',
    `PAWL_URL names an engine elsewhere (${config.elsewhere.api}): do this on its host, or unset PAWL_URL for an engine here`,
  );
}

/** What an engine calls its own address is another host's loopback here. */
const throughTunnel = (url: string, { elsewhere }: Config): string => {
  const { pathname, search, hash } = new URL(url);
  return elsewhere === undefined ? url : new URL(`${pathname}${search}${hash}`, elsewhere.api).href;
};

const withPort = (config: Config, port: number | undefined): Config =>
  port === undefined ? config : { ...config, port };

async function foreground(
  config: Config,
  signal: AbortSignal,
  abort: (reason: string) => void,
  onNotice: (line: string) => void,
): Promise<Foreground> {
  const [{ startEngine }, { createWorker }, { watchParent }, { logSdkTo }] = await Promise.all([
    import('./server.ts'),
    import('./worker.ts'),
    import('./engine/parent-watch.ts'),
    import('./engine/sdk-log.ts'),
  ]);
  const endSdk = logSdkTo(placesIn(config.home).log);
  const unwatch = watchParent(abort);
  try {
    const engine = await startEngine(config, {
      signal,
      onNotice,
      worker: createWorker,
      // Loaded then: by far the most of it is what the worker's steps need, and that is loaded while Temporal begins.
      engine: async (joined) => {
        const [{ createEngineApi }, { localDeps }] = await Promise.all([
          import('./client.ts'),
          import('./local.ts'),
        ]);
        return createEngineApi({ ...localDeps(config), ...joined, eager: config.worker });
      },
    });
    void engine.ended.then(unwatch);
    // An engine that is killed would keep none of its compiled code, and the next one would compile all of it again.
    setImmediate(() => module.flushCompileCache());
    return { ...engine, engine: clientOf(localCaller(userName()), engine.engine) };
  } catch (error) {
    unwatch();
    await endSdk();
    if (signal.aborted) throw new Interrupted();
    throw error;
  }
}

async function inShell({ variables, programs }: Lacks, { home, elsewhere }: Config): Promise<InShell> {
  return {
    variables: variables.filter((name) => Boolean(process.env[name])),
    ...(await onShellPath(programs)),
    envFile: elsewhere === undefined ? placesIn(home).envFile : undefined,
  };
}

/** Those programs that an engine would find which is started from here. */
async function onShellPath(names: readonly string[]): Promise<Pick<InShell, 'programs'>> {
  const [{ findProgram }, { searchPath }] = await Promise.all([
    import('./adapters/programs/find-program.ts'),
    import('./adapters/programs/environment.ts'),
  ]);
  const place = { path: searchPath(process.env), cwd: workingFolder() };
  const programs = names.flatMap((name) => {
    const path = findProgram(name, place);
    return path === undefined ? [] : [{ name, path }];
  });
  return { programs };
}

async function tokenFor(scope: TokenScope, config: Config): Promise<string> {
  const { home } = onThisHost(config);
  const [{ makeHome, tokenOf }, { lesserToken }] = await Promise.all([
    import('./engine/home.ts'),
    import('./edge/http/authentication.ts'),
  ]);
  const token = tokenOf(makeHome(home));
  return scope === 'all' ? token : lesserToken(token, scope);
}

/** The sample is run with the linter of a clone; an installed Pawl has none. */
async function sample({ home }: Config): Promise<Sample | undefined> {
  const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const template = join(ROOT, 'examples', 'sample');
  if (!existsSync(biome) || !existsSync(template)) return undefined;
  const { holdsCommit, makeSample } = await import('./adapters/repository/sample-repository.ts');
  const repository = placesIn(home).sample;
  await makeSample(template, repository);
  const lint = [process.execPath, biome, 'lint'];
  return {
    repository,
    agent: [...lint, '--write', '--unsafe'],
    checks: [await sampleTests(), { name: 'biome lint', run: [...lint, '--error-on-warnings'] }],
    isMerged: (commit) => holdsCommit(repository, commit),
  };
}

/** As a person types it, where their shell has what that needs; the Node that runs Pawl is not on the PATH of checks. */
async function sampleTests(): Promise<Sample['checks'][number]> {
  const { programs } = await onShellPath(['npm', 'node']);
  return programs.length === 2
    ? { name: 'npm test', run: ['npm', 'test'] }
    : { name: 'node --test', run: [process.execPath, '--test'] };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
}

/** Into the home where possible: a bug may be about the home itself. */
function logBug(error: unknown): string {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const entry = `${new Date().toISOString()} ${details}\n`;
  try {
    const { cliLog } = placesIn(readConfig().home);
    mkdirSync(dirname(cliLog), { recursive: true, mode: 0o700 });
    appendFileSync(cliLog, entry, { mode: 0o600 });
    return cliLog;
  } catch {
    const elsewhere = join(tmpdir(), `pawl-${randomUUID()}.log`);
    appendFileSync(elsewhere, entry, { mode: 0o600 });
    return elsewhere;
  }
}
