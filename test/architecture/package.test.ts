/**
 * The npm package as people get it: packed, installed with its production dependencies only into an empty folder, and
 * run there. The folder's lock file is made from ours, so that the install takes the tested versions, from npm's cache.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { withoutNpmScript } from '../../scripts/setup/node.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const INSTALL_MS = 300_000;

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'pawl-package-'));
const app = join(folder, 'app');
const pawl = join(app, 'node_modules', '.bin', 'pawl');
const env = { ...withoutNpmScript(process.env), PAWL_HOME: join(folder, 'home'), PAWL_PORT: '0' };

const Packed = z.object({
  filename: z.string(),
  integrity: z.string(),
  files: z.array(z.object({ path: z.string() })),
});
let packed: z.infer<typeof Packed>;

const readJson = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

/** A project that depends on nothing but the packed Pawl, its lock made of what ours says of production packages. */
function writeProject(): void {
  const { version, dependencies, engines, bin } = readJson('package.json');
  const tarball = `file:../${packed.filename}`;
  const ours = z
    .record(z.string(), z.looseObject({ dev: z.boolean().optional() }))
    .parse(readJson('package-lock.json').packages);
  const production = Object.entries(ours).filter(([path, { dev }]) => path !== '' && dev !== true);
  const project = { name: 'app', private: true, dependencies: { pawl: tarball } };
  const installed = { version, resolved: tarball, integrity: packed.integrity, dependencies, engines, bin };
  const packages = { '': project, 'node_modules/pawl': installed, ...Object.fromEntries(production) };
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify(project));
  writeFileSync(
    join(app, 'package-lock.json'),
    JSON.stringify({ name: 'app', lockfileVersion: 3, requires: true, packages }),
  );
}

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT, env });
  packed = Packed.parse(z.array(z.unknown()).parse(JSON.parse(stdout))[0]);
  writeProject();
  const flags = ['--omit=dev', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['ci', ...flags], { cwd: app, env });
}, INSTALL_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('holds the launcher, compiled code, the bundle and set-up, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  const expected = [
    'bin/pawl',
    'dist/main.js',
    'dist/client.d.ts',
    'dist/workflows.bundle.js',
    'dist/adapters/programs/fork-server.js',
    'dist/adapters/loops/built-in/feature.yaml',
    'scripts/setup/main.mjs',
  ];
  expect(paths).toEqual(expect.arrayContaining([...expected, 'LICENSE', 'package.json']));
  const others = paths.filter(
    (path) => !/^(?:bin|dist|scripts\/setup)\/|^(?:LICENSE|README\.md|package\.json)$/.test(path),
  );
  expect(others).toEqual([]);
  // Node strips no types under node_modules.
  expect(paths.filter((path) => /(?<!\.d)\.m?ts$/.test(path))).toEqual([]);
});

it('shows its help and version', async () => {
  expect((await run(pawl, ['--help'], { env })).stdout).toContain('pawl run');
  expect((await run(pawl, ['--version'], { env })).stdout.trim()).toBe(readJson('package.json').version);
});

it('is a library for scripts', async () => {
  const code = `const { connect } = await import('pawl'); console.log(typeof connect)`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: app, env });
  expect(stdout.trim()).toBe('function');
});

it(
  'runs an engine',
  async () => {
    const engine = spawn(pawl, ['up'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    const ended = once(engine, 'exit');
    const endpoints = join(folder, 'home', 'endpoints.json');
    while (!existsSync(endpoints) && engine.exitCode === null) await sleep(50);
    expect(engine.exitCode).toBeNull();
    const { api } = z.object({ api: z.string() }).parse(JSON.parse(readFileSync(endpoints, 'utf8')));
    expect((await fetch(`${api}/api/health`)).status).toBe(200);
    await run(pawl, ['down'], { env });
    await ended;
    expect(existsSync(endpoints)).toBe(false);
  },
  INSTALL_MS,
);
