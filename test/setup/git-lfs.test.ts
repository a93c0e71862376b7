/** Git LFS for tests: found on PATH or in the cache, else built by Go, here a fake one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findGitLfs, provideGitLfs } from '../../scripts/setup/git-lfs.mjs';
import { GIT_LFS, PLATFORM } from '../../scripts/setup/pins.mjs';
import { createScratch } from './scratch.ts';

const NAME = `git-lfs-${GIT_LFS.version}-${PLATFORM}`;

it('is built by Go at exactly the pinned version, and kept', async () => {
  const { env, fake, cache } = createScratch();
  fake(
    'go',
    `import { mkdirSync, writeFileSync } from 'node:fs';
     if (process.argv.at(-1) !== '${GIT_LFS.goModule}@v${GIT_LFS.version}') process.exit(1);
     mkdirSync(process.env.GOBIN, { recursive: true });
     writeFileSync(process.env.GOBIN + '/git-lfs', '', { mode: 0o755 });`,
  );
  await expect(provideGitLfs(env)).resolves.toBe(join(cache, NAME, 'git-lfs'));
  expect(findGitLfs(env)).toBe(join(cache, NAME, 'git-lfs'));
});

it('is the one on PATH, where there is one', async () => {
  const { env, fake } = createScratch();
  const path = fake('git-lfs', '');
  await expect(provideGitLfs(env)).resolves.toBe(path);
});

it('is said to be missing where it cannot be built', async () => {
  const { env, cache } = createScratch();
  await expect(provideGitLfs(env)).rejects.toMatchObject({
    name: 'SetupError',
    tried: [expect.stringContaining('go: not found on PATH')],
  });
  expect(existsSync(join(cache, NAME))).toBe(false);
});
