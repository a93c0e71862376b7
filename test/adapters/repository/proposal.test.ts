/** `pawl init`: what is proposed for which repository, and that a file is written whole or not at all. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRepositoryConfig } from '../../../src/adapters/repository/pawl-yaml.ts';
import { proposeConfiguration, writeProposal } from '../../../src/adapters/repository/proposal.ts';

let top: string;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'pawl-proposal-'));
  await mkdir(join(top, '.git'));
});
afterEach(() => rm(top, { recursive: true, force: true }));

const put = async (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) await writeFile(join(top, name), text);
};
const packageJson = (parts: object) => ({ 'package.json': JSON.stringify(parts) });
const SCRIPTS = {
  scripts: { test: 'node --test', lint: 'biome lint', typecheck: 'tsc', build: 'x' },
  devDependencies: { x: '1' },
};

it.each(['{ "scripts": ', '[]', '7', ''])('names a package.json that is no description: %j', async (text) => {
  await put({ 'package.json': text, 'Cargo.toml': '' });
  const { problems, text: proposed } = await proposeConfiguration(top);
  expect(problems).toEqual([expect.stringMatching(/^package\.json: /)]);
  expect(proposed).toContain('cargo test');
});

describe('proposes', () => {
  it.each<[string, Record<string, string>, string[] | undefined, string[][]]>([
    [
      'npm',
      { ...packageJson(SCRIPTS), 'package-lock.json': '' },
      ['npm', 'ci'],
      [
        ['npm', 'run', 'typecheck'],
        ['npm', 'run', 'lint'],
        ['npm', 'test'],
      ],
    ],
    [
      'npm without a lock',
      packageJson(SCRIPTS),
      ['npm', 'install'],
      [
        ['npm', 'run', 'typecheck'],
        ['npm', 'run', 'lint'],
        ['npm', 'test'],
      ],
    ],
    ['npm without packages', packageJson({ scripts: { test: 'node --test' } }), undefined, [['npm', 'test']]],
    [
      'npm with the test of npm init',
      packageJson({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }),
      undefined,
      [],
    ],
    [
      'pnpm',
      { ...packageJson(SCRIPTS), 'pnpm-lock.yaml': '' },
      ['pnpm', 'install', '--frozen-lockfile'],
      [
        ['pnpm', 'run', 'typecheck'],
        ['pnpm', 'run', 'lint'],
        ['pnpm', 'test'],
      ],
    ],
    [
      'yarn',
      { ...packageJson({ ...SCRIPTS, scripts: { test: 'x' } }), 'yarn.lock': '' },
      ['yarn', 'install', '--frozen-lockfile'],
      [['yarn', 'test']],
    ],
    [
      'modern yarn',
      {
        ...packageJson({ ...SCRIPTS, scripts: { test: 'x' }, packageManager: 'yarn@4.1.0' }),
        'yarn.lock': '',
      },
      ['yarn', 'install', '--immutable'],
      [['yarn', 'test']],
    ],
    [
      'bun',
      { ...packageJson({ ...SCRIPTS, scripts: { test: 'x' } }), 'bun.lock': '' },
      ['bun', 'install', '--frozen-lockfile'],
      [['bun', 'run', 'test']],
    ],
    ['cargo', { 'Cargo.toml': '', 'Cargo.lock': '' }, undefined, [['cargo', 'test', '--locked']]],
    [
      'go',
      { 'go.mod': '', Makefile: 'test:\n' },
      undefined,
      [
        ['go', 'vet', './...'],
        ['go', 'test', './...'],
      ],
    ],
    ['pytest', { 'pyproject.toml': '[tool.pytest.ini_options]' }, undefined, [['python3', '-m', 'pytest']]],
    [
      'uv',
      { 'pyproject.toml': 'pytest', 'uv.lock': '' },
      ['uv', 'sync', '--locked'],
      [['uv', 'run', 'python', '-m', 'pytest']],
    ],
    ['python without tests', { 'pyproject.toml': '' }, undefined, []],
    ['make', { Makefile: 'all:\n\ttrue\ntest: all\n\ttrue\n' }, undefined, [['make', 'test']]],
    ['make without a test', { Makefile: 'test := 1\nall:\n' }, undefined, []],
    ['nothing', {}, undefined, []],
    ['a broken package.json', { 'package.json': '{' }, undefined, []],
    [
      'two at once',
      {
        ...packageJson({ ...SCRIPTS, scripts: {} }),
        'package-lock.json': '',
        'pyproject.toml': 'pytest',
        'uv.lock': '',
      },
      ['sh', '-c', 'npm ci && uv sync --locked'],
      [['uv', 'run', 'python', '-m', 'pytest']],
    ],
  ])('for %s', async (_, files, setup, checks) => {
    await put(files);
    const proposal = await proposeConfiguration(top);
    const read = parseRepositoryConfig(proposal.text);
    expect(read.setup).toEqual(setup);
    expect(read.checks.map(({ run }) => run)).toEqual(checks);
    expect(proposal.hasChecks).toBe(checks.length > 0);
    if (checks.length === 0) expect(proposal.text).toContain('unverified');
  });

  it('from any folder of the repository', async () => {
    await mkdir(join(top, 'a/b'), { recursive: true });
    expect((await proposeConfiguration(join(top, 'a/b'))).path).toBe(join(top, 'pawl.yaml'));
  });

  it('nothing outside a repository', async () => {
    await rm(join(top, '.git'), { recursive: true });
    await expect(proposeConfiguration(top)).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('git init'),
    });
  });
});

describe('writing', () => {
  it('leaves a file that is there alone, unless forced', async () => {
    const proposal = await proposeConfiguration(top);
    await writeProposal(proposal, false);
    expect(await readFile(proposal.path, 'utf8')).toBe(proposal.text);
    await writeFile(proposal.path, 'mine');
    await expect(writeProposal(proposal, false)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('--force'),
    });
    expect(await readFile(proposal.path, 'utf8')).toBe('mine');
    await writeProposal(proposal, true);
    expect(await readFile(proposal.path, 'utf8')).toBe(proposal.text);
    expect((await readdir(top)).sort()).toEqual(['.git', 'pawl.yaml']);
  });

  it('does not write through a link', async () => {
    const proposal = await proposeConfiguration(top);
    const outside = join(top, '.git', 'outside');
    await symlink(outside, proposal.path);
    await expect(writeProposal(proposal, false)).rejects.toMatchObject({ code: 'conflict' });
    await writeProposal(proposal, true);
    await expect(readFile(outside)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('into a folder that is gone says so', async () => {
    const proposal = await proposeConfiguration(top);
    await rm(top, { recursive: true });
    await expect(writeProposal(proposal, false)).rejects.toMatchObject({ code: 'precondition' });
  });
});
