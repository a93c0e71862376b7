/** The packages of a clone: installed when missing or older than the lock, by one set-up at a time; here with a fake npm. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { packagesCurrent, packagesThere, providePackages } from '../../scripts/setup/packages.mjs';
import { createScratch, type Scratch } from './scratch.ts';

let scratch: Scratch;
let root: string;
let runs: string;

/** Writes what npm writes, its hidden lock last, and notes that it ran. */
const FAKE_NPM = `
  import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
  rmSync('node_modules', { recursive: true, force: true });
  mkdirSync('node_modules');
  appendFileSync('../runs', process.argv.slice(2).join(' ') + '\\n');
  if (process.env.FAIL) { console.error('npm error broken'); process.exit(1); }
  await new Promise((resolve) => setTimeout(resolve, 50));
  writeFileSync('node_modules/.package-lock.json', '{}');
`;

beforeEach(() => {
  scratch = createScratch();
  root = join(scratch.folder, 'clone');
  runs = join(scratch.folder, 'runs');
  mkdirSync(root);
  writeFileSync(join(root, 'package-lock.json'), '{ "name": "one" }');
  scratch.fake('npm', FAKE_NPM);
});

const timesRun = () => (existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n').length : 0);
const touch = (file: string, seconds: number) => utimesSync(join(root, file), seconds, seconds);

it('installs once, with what tests need and without install scripts', async () => {
  expect(packagesThere(root)).toBe(false);
  await expect(providePackages(root, scratch.env)).resolves.toBe(true);
  expect(packagesThere(root)).toBe(true);
  await expect(providePackages(root, scratch.env)).resolves.toBe(false);
  expect(readFileSync(runs, 'utf8')).toBe('ci --ignore-scripts --include=dev --no-audit --no-fund\n');
});

it('installs again when the lock changed, not when only its time did', async () => {
  await providePackages(root, scratch.env);
  const later = Date.now() / 1000 + 60;
  touch('package-lock.json', later);
  expect(packagesCurrent(root)).toBe(true);
  appendFileSync(join(root, 'package-lock.json'), '\n');
  touch('package-lock.json', later);
  expect(packagesCurrent(root)).toBe(false);
  await expect(providePackages(root, scratch.env)).resolves.toBe(true);
  expect(timesRun()).toBe(2);
});

it('trusts packages that a person installed after the lock was written', () => {
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{}');
  touch('package-lock.json', 1_000);
  expect(packagesCurrent(root)).toBe(true);
});

it('does not take a failed or killed install for a whole one', async () => {
  const failing = providePackages(root, { ...scratch.env, FAIL: '1' });
  await expect(failing).rejects.toMatchObject({
    name: 'SetupError',
    tried: [expect.stringContaining('npm error broken')],
  });
  expect(packagesThere(root)).toBe(false);
  await expect(providePackages(root, scratch.env)).resolves.toBe(true);
});

it('runs npm once when several set-ups begin together', async () => {
  const all = await Promise.all([1, 2, 3].map(() => providePackages(root, scratch.env)));
  expect(all.filter(Boolean)).toHaveLength(1);
  expect(timesRun()).toBe(1);
});
