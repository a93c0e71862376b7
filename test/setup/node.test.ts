/** The Node that set-up provides: a machine's own where it is new enough, else one from npm, here a fake npm. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeProgram, provideNode, withNodeFirst, withoutNpmScript } from '../../scripts/setup/node.mjs';
import { atLeast, NODE, PLATFORM } from '../../scripts/setup/pins.mjs';
import { createScratch } from './scratch.ts';

const OLD = '20.20.2';
const packages: Record<string, string> = NODE.packages;

/** Installs what npm would, or half of it and then fails. */
const fakeNpm = (ending: string) => `
  import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
  const args = process.argv.slice(2);
  const root = args[args.indexOf('--prefix') + 1];
  const name = args.at(-1).replace(/@[^@]+$/, '');
  mkdirSync(root + '/node_modules/' + name + '/bin', { recursive: true });
  const program = root + '/node_modules/' + name + '/bin/node';
  writeFileSync(program, '#!/bin/sh\\necho v${NODE.version}\\n');
  chmodSync(program, 0o755);
  writeFileSync(root + '/../../asked', JSON.stringify({ args, env: process.env }));
  ${ending}
`;

it('takes the own Node when it is new enough', async () => {
  const { env } = createScratch();
  expect(nodeProgram(env, '22.18.0')).toBe(process.execPath);
  await expect(provideNode(env, '24.0.0')).resolves.toBe(process.execPath);
  expect(nodeProgram(env, OLD)).toBeUndefined();
});

it('installs the pinned one into the cache for an older Node, once', async () => {
  const scratch = createScratch();
  scratch.fake('npm', fakeNpm(''));
  const node = join(scratch.cache, `node-${NODE.version}-${PLATFORM}`, 'bin', 'node');
  await expect(provideNode(scratch.env, OLD)).resolves.toBe(node);
  scratch.fake('npm', 'process.exit(9)');
  await expect(provideNode(scratch.env, OLD)).resolves.toBe(node);
  expect(readdirSync(join(scratch.cache, 'making'))).toEqual([]);
});

it('leaves nothing half-made when npm fails, and says every way out in one error', async () => {
  const scratch = createScratch();
  scratch.fake('npm', fakeNpm('console.error("npm error network"); process.exit(1)'));
  const failure = await provideNode(scratch.env, OLD).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'SetupError' });
  expect((failure as { report(): string }).report()).toMatch(
    /^pawl set-up: Node 26\.10\.0 could not be installed\n {2}tried: npm install .*npm error network\n {2}you can: /,
  );
  expect(existsSync(join(scratch.cache, `node-${NODE.version}-${PLATFORM}`))).toBe(false);
  expect(readdirSync(join(scratch.cache, 'making'))).toEqual([]);
});

it('says so when there is no npm', async () => {
  const scratch = createScratch();
  await expect(provideNode(scratch.env, OLD)).rejects.toMatchObject({
    tried: [expect.stringContaining('npm: not found on PATH')],
  });
});

it('keeps the settings of the machine from npm to npm, and drops those of the outer script', () => {
  const env = {
    npm_config_registry: 'r',
    npm_lifecycle_event: 'start',
    npm_config_local_prefix: '/x',
    PATH: 'p',
    NODE_EXTRA_CA_CERTS: 'c',
  };
  expect(withoutNpmScript(env)).toEqual({ npm_config_registry: 'r', PATH: 'p', NODE_EXTRA_CA_CERTS: 'c' });
});

it('puts a Node first on PATH', () => {
  expect(withNodeFirst('/cache/bin/node', { PATH: '/usr/bin' }).PATH).toBe('/cache/bin:/usr/bin');
  expect(withNodeFirst('/cache/bin/node', {}).PATH).toBe('/cache/bin');
});

describe('versions', () => {
  it.each([
    ['v22.18.0', true],
    ['22.17.9', false],
    ['23.0.0', true],
    ['20.99.0', false],
    ['26.10.0', true],
  ])('%s is new enough: %s', (version, expected) => {
    expect(atLeast(version, NODE.minimum)).toBe(expected);
  });

  it('names a package for every platform of Pawl', () => {
    for (const platform of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']) {
      expect(packages[platform]).toMatch(/^node-/);
    }
  });
});
