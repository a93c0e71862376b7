/**
 * A Temporal to run on. In order: the server that the settings name, a `temporal` on PATH whose server is new enough,
 * the cache; when none is there, the official download and then a build by `go install` fill the cache.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cachedProgram, programsOnPath, provide } from './cache.mjs';
import { download } from './download.mjs';
import { atLeast, PLATFORM, TEMPORAL } from './pins.mjs';
import { run, SetupStopped } from './run.mjs';
import { SetupError, say, telling } from './telling.mjs';

const NAME = `temporal-${TEMPORAL.version}-${PLATFORM}`;

/** Whether the settings name a server, so that none is needed here. */
export const temporalConfigured = (env = process.env) =>
  Boolean(env.TEMPORAL_ADDRESS || env.TEMPORAL_PROFILE);

/** The `temporal` program to use and where it is from, or undefined when there is none. Costs one `--version`. */
export function findTemporal(env = process.env) {
  for (const path of programsOnPath('temporal', env)) {
    const server = serverVersionOf(path, env);
    if (server !== undefined && acceptable(server)) return { path, server, from: 'on PATH' };
  }
  const path = cachedProgram(NAME, 'temporal', env);
  return path === undefined ? undefined : { path, server: TEMPORAL.server, from: 'embedded' };
}

/** `findTemporal`, fetched or built when it is missing. @throws SetupError naming every way out. */
export async function provideTemporal(env = process.env, sources = [downloadRelease, buildWithGo]) {
  return provide({
    name: NAME,
    env,
    find: () => findTemporal(env),
    onWait: () => say('… waiting for another set-up that provides Temporal'),
    make: async (folder) => {
      const tried = [];
      for (const source of sources) {
        const into = join(folder, source.name);
        mkdirSync(join(into, 'program'), { recursive: true });
        try {
          await source(into, env);
          checkMade(join(into, 'program', 'temporal'), env);
          return join(source.name, 'program');
        } catch (error) {
          if (error instanceof SetupStopped) throw error;
          tried.push(error.message);
        }
      }
      throw new SetupError(
        `no Temporal server is here, and Temporal CLI ${TEMPORAL.version} could not be had`,
        {
          tried,
          ways: [
            `install the Temporal CLI ${TEMPORAL.version} or newer (https://docs.temporal.io/cli) so that \`temporal\` is on PATH`,
            'install Go (https://go.dev/dl) and run this again: it builds the server in about three minutes',
            'set TEMPORAL_ADDRESS=host:port (or TEMPORAL_PROFILE) to use a Temporal that runs elsewhere',
          ],
        },
      );
    },
  });
}

async function downloadRelease(folder) {
  const sha256 = TEMPORAL.sha256[PLATFORM];
  if (sha256 === undefined) throw new Error(`there is no official download for ${PLATFORM}`);
  const archive = join(folder, 'archive.tar.gz');
  await telling(`downloading Temporal CLI ${TEMPORAL.version}`, (onShare) =>
    download(TEMPORAL.archiveOf(PLATFORM), archive, { sha256, onShare }),
  );
  await run('tar', ['-xzf', archive, '-C', join(folder, 'program'), 'temporal']);
}

async function buildWithGo(folder, env) {
  let lines = 0;
  await telling('building the Temporal server with Go, about 3 minutes, once', (onShare) =>
    run(
      'go',
      [
        'install',
        '-v',
        '-trimpath',
        '-modcacherw',
        '-ldflags',
        '-s -w',
        `${TEMPORAL.goModule}@v${TEMPORAL.version}`,
      ],
      {
        cwd: folder,
        // Three gigabytes of caches go away with the folder; -modcacherw lets them.
        env: {
          ...env,
          GOBIN: join(folder, 'program'),
          GOCACHE: join(folder, 'build-cache'),
          GOMODCACHE: join(folder, 'module-cache'),
          GOTMPDIR: folder,
        },
        onLine: () => {
          lines += 1;
          onShare(lines / TEMPORAL.goLines);
        },
      },
    ),
  );
}

function checkMade(path, env) {
  const server = existsSync(path) ? serverVersionOf(path, env) : undefined;
  if (server === undefined || !acceptable(server)) {
    throw new Error(
      `expected a Temporal server ${TEMPORAL.serverMinimum.join('.')} or newer, got ${server ?? 'none'}`,
    );
  }
}

/** A build by Go calls itself 0.0.0-DEV, so the server inside is what counts: "(Server 1.29.1, UI 2.42.1)". */
function serverVersionOf(path, env) {
  try {
    const options = { encoding: 'utf8', env, timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] };
    return /Server (\d+\.\d+\.\d+)/.exec(execFileSync(path, ['--version'], options))?.[1];
  } catch {
    return undefined; // Another program of that name, or a broken one: not a server for us.
  }
}

const acceptable = (server) =>
  atLeast(server, TEMPORAL.serverMinimum) && server.startsWith(`${TEMPORAL.serverMinimum[0]}.`);
