/** The sample: really broken before, really repaired by the real linter, and the same repository everywhere. */
import { execFileSync, spawnSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRepositoryConfig } from '../../../src/adapters/repository/pawl-yaml.ts';
import { holdsCommit, makeSample } from '../../../src/adapters/repository/sample-repository.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const TEMPLATE = join(ROOT, 'examples', 'sample');
const BIOME = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

let folder: string;
let sample: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-sample-'));
  sample = join(folder, 'sample');
  await makeSample(TEMPLATE, sample);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(NODE_|VITEST|npm_)/.test(name)),
);
function run(cwd: string, program: string, ...args: string[]) {
  const { status, stdout } = spawnSync(program, args, { cwd, encoding: 'utf8', env });
  const count = (word: string) => Number(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, 'm').exec(stdout)?.[1]);
  return { status, passed: count('pass'), failed: count('fail') };
}

it('fails its tests and its linter, and the linter repairs both', () => {
  const work = join(folder, 'work');
  git(folder, 'clone', '--quiet', sample, work);
  expect(run(work, 'npm', 'test')).toMatchObject({ status: 1, passed: 4, failed: 3 });
  expect(run(work, process.execPath, BIOME, 'lint', '--error-on-warnings').status).toBe(1);
  run(work, process.execPath, BIOME, 'lint', '--write', '--unsafe');
  expect(run(work, 'npm', 'test')).toEqual({ status: 0, passed: 7, failed: 0 });
  expect(run(work, process.execPath, BIOME, 'lint', '--error-on-warnings').status).toBe(0);
  expect(git(work, 'diff', '--shortstat')).toBe('2 files changed, 3 insertions(+), 3 deletions(-)');
  expect(parseRepositoryConfig(git(work, 'show', 'HEAD:pawl.yaml')).checks).toEqual([
    { name: 'npm test', run: ['npm', 'test'] },
  ]);
});

describe('making it', () => {
  it('gives one commit on main, the same everywhere', async () => {
    expect(git(sample, 'rev-list', '--count', 'main')).toBe('1');
    expect(git(sample, 'status', '--porcelain')).toBe('');
    const other = join(folder, 'deep', 'home', 'sample');
    await makeSample(TEMPLATE, other);
    expect(git(other, 'rev-parse', 'HEAD')).toBe(git(sample, 'rev-parse', 'HEAD'));
  });

  it('leaves one that is there alone', async () => {
    await writeFile(join(sample, 'mine'), '');
    await makeSample(TEMPLATE, sample);
    await access(join(sample, 'mine'));
    await rm(join(sample, 'mine'));
  });

  it('takes no notice of what a killed one left, and leaves nothing itself', async () => {
    const home = join(folder, 'home');
    await mkdir(join(home, '.sample.draft', '.git'), { recursive: true });
    await Promise.all([1, 2, 3].map(() => makeSample(TEMPLATE, join(home, 'sample'))));
    expect((await readdir(home)).filter((name) => name.includes('draft'))).toEqual([]);
    expect(git(join(home, 'sample'), 'rev-parse', 'HEAD')).toBe(git(sample, 'rev-parse', 'HEAD'));
  });

  it('is not fooled by the git of somebody around it', async () => {
    const around = join(folder, 'around');
    await mkdir(around);
    git(around, 'init', '--quiet');
    await makeSample(TEMPLATE, join(around, 'sample'));
    expect(git(join(around, 'sample'), 'rev-parse', 'HEAD')).toBe(git(sample, 'rev-parse', 'HEAD'));
  });
});

it('knows whether main holds a commit', async () => {
  const first = git(sample, 'rev-parse', 'HEAD');
  expect(await holdsCommit(sample, first)).toBe(true);
  expect(await holdsCommit(sample, 'f'.repeat(40))).toBe(false);
  expect(await holdsCommit(sample, '--help')).toBe(false);
  const aside = git(
    sample,
    '-c',
    'user.name=a',
    '-c',
    'user.email=a',
    'commit-tree',
    '-p',
    first,
    '-m',
    'x',
    'HEAD^{tree}',
  );
  expect(await holdsCommit(sample, aside)).toBe(false);
});
