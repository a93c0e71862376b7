/** Of files that hold settings of a check and what a change needs, the first are the base's and the rest is the change's. */

import { describe, expect, it } from 'vitest';
import { restoreSettings } from '../../../src/adapters/files/settings-files.ts';

const json = (path: string, now: object, base: object) =>
  JSON.parse(restoreSettings(path, JSON.stringify(now), JSON.stringify(base)) ?? 'null');

describe('package.json', () => {
  const base = { name: 'n', scripts: { test: 'node --test' }, mocha: { spec: 'test' } };
  it.each([
    ['a script', { ...base, scripts: { test: 'true' } }, base],
    ['a script that is gone', { name: 'n', mocha: base.mocha }, base],
    ['a hook', { ...base, scripts: { ...base.scripts, pretest: 'rm -r test' } }, base],
    ['another tool', { ...base, jest: { testMatch: [] } }, base],
    ['the key of a runner', { ...base, mocha: { fgrep: 'nothing' } }, base],
    [
      'the name of what tests import',
      { ...base, name: 'chai', exports: './x.js' },
      { ...base, exports: './x.js' },
    ],
    [
      'what runs at an installation',
      { ...base, scripts: { ...base.scripts, postinstall: 'x', prepare: 'y' } },
      base,
    ],
    ['a package manager', { ...base, packageManager: 'x@1' }, base],
    [
      'a script beside a new one',
      { ...base, scripts: { test: 'x', build: 'tsc' } },
      { ...base, scripts: { test: 'node --test', build: 'tsc' } },
    ],
    [
      'a setting beside dependencies and exports',
      { ...base, ava: {}, version: '2', dependencies: { a: '1' }, exports: './x.js' },
      { ...base, version: '2', dependencies: { a: '1' }, exports: './x.js' },
    ],
  ])('has the settings of the base: %s', (_, now, expected) => {
    expect(json('web/package.json', now, base)).toEqual(expected);
  });

  it.each([
    ['dependencies', { devDependencies: { a: '1' }, overrides: { b: '2' }, pnpm: { overrides: {} } }],
    [
      'what it is',
      { version: '3', type: 'module', main: 'x.js', bin: { n: 'x.js' }, engines: { node: '>=22' } },
    ],
    ['a new script', { scripts: { ...base.scripts, build: 'tsc' } }],
  ])('is left alone where the change is about %s', (_, change) => {
    expect(json('package.json', { ...base, ...change }, base)).toBeNull();
  });

  it('takes what tests run with from where the base took it', () => {
    const before = { dependencies: { a: '1', l: 'file:./l' }, devDependencies: { mocha: '^11.0.0' } };
    const now = {
      dependencies: { a: '2', l: 'file:./l', own: 'file:./own', mocha: 'link:./fake' },
      devDependencies: { mocha: 'file:./fake' },
      overrides: { chai: './fake', b: '2' },
      pnpm: { overrides: { mocha: 'portal:./fake' }, patchedDependencies: { mocha: 'x.patch' } },
    };
    expect(json('package.json', now, before)).toEqual({
      dependencies: { a: '2', l: 'file:./l', own: 'file:./own' },
      devDependencies: { mocha: '^11.0.0' },
      overrides: { b: '2' },
      pnpm: { overrides: {} },
    });
    const imports = { '@std/assert': 'jsr:@std/assert@1' };
    expect(json('deno.json', { imports: { '@std/assert': './fake.ts', b: './b.ts' } }, { imports })).toEqual({
      imports: { ...imports, b: './b.ts' },
    });
  });

  it('cannot hide them by being broken, gone, or new', () => {
    const text = JSON.stringify(base);
    expect(restoreSettings('package.json', '{', text)).toBe(text);
    expect(restoreSettings('package.json', '{} // comment', text)).toBe(text);
    expect(restoreSettings('package.json', undefined, text)).toBe(text);
    expect(JSON.parse(restoreSettings('package.json', text, undefined) ?? '')).toEqual({
      scripts: base.scripts,
    });
    expect(restoreSettings('package.json', text, 'no json')).toBeUndefined();
  });
});

describe('other JSON', () => {
  it('of the TypeScript compiler: paths are the change’s, strictness is not', () => {
    const base = { compilerOptions: { strict: true, lib: ['es2022'] }, include: ['src'] };
    const now = {
      compilerOptions: { strict: false, lib: ['es2024'], paths: { a: ['b'] } },
      exclude: ['src'],
    };
    expect(json('tsconfig.build.json', now, base)).toEqual({
      compilerOptions: { strict: true, lib: ['es2024'], paths: { a: ['b'] } },
      include: ['src'],
    });
    expect(restoreSettings('tsconfig.json', '{ /* c */ "include": ["x",], }', '{}')).toBe('{}\n');
    expect(restoreSettings('tsconfig.json', '{"include":[]}', undefined)).toBeUndefined();
  });

  it('of Deno and Composer', () => {
    const deno = { tasks: { test: 'deno test' }, imports: {} };
    expect(json('deno.jsonc', { tasks: { test: 'true' }, imports: { a: 'b' } }, deno)).toEqual({
      tasks: { test: 'deno test' },
      imports: { a: 'b' },
    });
    const composer = { require: {}, scripts: { test: 'phpunit' } };
    expect(json('composer.json', { require: { a: '1' }, scripts: { test: 'true' } }, composer)).toEqual({
      require: { a: '1' },
      scripts: { test: 'phpunit' },
    });
  });
});

it('reads what other programs read: a mark at the start, and no end of brackets', () => {
  const base = '{"scripts":{"test":"a"}}';
  expect(
    JSON.parse(restoreSettings('package.json', '\uFEFF{"scripts":{"test":"b"}}', `\uFEFF${base}`) ?? ''),
  ).toEqual(JSON.parse(base));
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  expect(restoreSettings('package.json', `{"a":${deep},"mocha":{}}`, base)).toBe(base);
  expect(restoreSettings('package.json', `{"a":${deep},"mocha":{}}`, undefined)).toBe('{}\n');
  expect(restoreSettings('pyproject.toml', `a = ${deep}`, '[tool.a]\nb = 1\n')).toBe('[tool.a]\nb = 1\n');
});

it('setup.cfg has the sections of tools from the base', () => {
  const base = '[metadata]\nname = n\n\n[tool:pytest]\naddopts = -q\n';
  const now =
    '[metadata]\nname = m\n[options]\ninstall_requires = a\n[tool:pytest]\naddopts = -k no\n[flake8]\nexclude = *\n';
  const text = restoreSettings('setup.cfg', now, base) ?? '';
  expect(text.match(/^[^\n]+$/gm)).toEqual([
    '[metadata]',
    'name = m',
    '[options]',
    'install_requires = a',
    '[tool:pytest]',
    'addopts = -q',
  ]);
  expect(restoreSettings('setup.cfg', base.replace('name = n', 'name = m'), base)).toBeUndefined();
});
