/** The lock file works on every platform of Pawl and with any registry, and every version in package.json is exact. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..', '..');
const Versions = z.record(z.string(), z.string()).default({});
const Package = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
});
type Package = z.infer<typeof Package>;

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
const manifest = Package.parse(readJson('package.json'));
const lock = z
  .object({ packages: z.record(z.string(), Package) })
  .parse(readJson('package-lock.json')).packages;

const PLATFORMS = ['linux', 'darwin'].flatMap((os) => ['x64', 'arm64'].map((cpu) => ({ os, cpu })));

/** Where npm finds `name` for the package at `path`: beside it, or further up. */
function resolve(path: string, name: string): Package | undefined {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const found = lock[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`];
    if (found !== undefined || at === '') return found;
  }
}

const fits = (one: Package, os: string, cpu: string): boolean =>
  one.os?.includes(os) === true && one.cpu?.includes(cpu) === true && one.libc?.includes('musl') !== true;

/** The platform packages of the package at `path`: optional dependencies that name an operating system. */
const platformPackagesOf = (path: string, one: Package) =>
  Object.keys(one.optionalDependencies).flatMap((name) => {
    const found = resolve(path, name);
    return found?.os === undefined && found !== undefined ? [] : [{ name, found }];
  });

it.each(PLATFORMS)('has every platform package for $os $cpu', ({ os, cpu }) => {
  const missing = Object.entries(lock).flatMap(([path, one]) => {
    const all = platformPackagesOf(path, one);
    // A single one (fsevents, say) is an extra of one platform, not the program itself in a build for each.
    if (all.length < 2) return [];
    return all.some(({ found }) => found !== undefined && fits(found, os, cpu)) ? [] : [path];
  });
  expect(missing).toEqual([]);
});

it('knows every optional package that it names: npm drops one it cannot find without a word, and then `npm ci` fails', () => {
  const unknown = Object.entries(lock).flatMap(([path, one]) =>
    platformPackagesOf(path, one)
      .filter(({ found }) => found === undefined)
      .map(({ name }) => `${path}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

it('pins every dependency exactly, the same in both files', () => {
  for (const group of ['dependencies', 'devDependencies'] as const) {
    expect(lock['']?.[group]).toEqual(manifest[group]);
    for (const [name, version] of Object.entries(manifest[group])) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock[`node_modules/${name}`]?.version, name).toBe(version);
    }
  }
});

it('names no registry, and a digest for every package', () => {
  const packages = Object.entries(lock).filter(([path, { link }]) => path !== '' && link !== true);
  expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  expect(packages.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([]);
});

it('has one version of every package of Temporal', () => {
  const versions = Object.entries(lock)
    .filter(([path]) => /node_modules\/@temporalio\/[\w-]+$/.test(path))
    .map(([, { version }]) => version);
  expect(new Set(versions).size).toBe(1);
});

it('has one protobufjs of the version that replay needs', () => {
  const copies = Object.keys(lock).filter((path) =>
    path.endsWith('node_modules/@temporalio/proto/node_modules/protobufjs'),
  );
  expect(copies).toEqual([]);
  expect(lock['node_modules/protobufjs']?.version).toBe(manifest.dependencies.protobufjs);
});
