/** Of a TOML file the settings of checks are the base's, and the rest is the change's. */
import fc from 'fast-check';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, it } from 'vitest';
import { restoreSettings } from '../../../src/adapters/files/settings-files.ts';

describe('TOML', () => {
  const base = `[project]
name = "n" # a comment
dependencies = ["a"]

[tool.pytest.ini_options]
addopts = "-q"

[tool.poetry.dependencies]
x = "1"

[[tool.mypy.overrides]]
module = "a"
`;
  const restored = (now: string, path = 'pyproject.toml', before = base) => {
    const text = restoreSettings(path, now, before);
    return text === undefined ? undefined : getStaticTOMLValue(parseTOML(text));
  };
  const value = (text: string) => getStaticTOMLValue(parseTOML(text));

  it('takes the tables of tools from the base', () => {
    const now = base
      .replace('"-q"', '"--collect-only"')
      .replace('["a"]', '["a", "b"]')
      .replace('x = "1"', 'x = "2"');
    expect(restored(now)).toEqual(value(now.replace('"--collect-only"', '"-q"')));
    expect(restored(`${base}\n[tool.coverage.run]\nomit = ["*"]\n`)).toEqual(value(base));
    expect(restored(base.replace('[[tool.mypy.overrides]]\nmodule = "a"', ''))).toMatchObject({
      tool: { mypy: { overrides: [{ module: 'a' }] } },
    });
  });

  it('is left alone where the change is about dependencies', () => {
    expect(restored(base.replace('["a"]', '["a", "b"]').replace('x = "1"', 'x = "2"'))).toBeUndefined();
    expect(
      restored(`${base}\n[dependency-groups]\ndev = ["pytest"]\n[tool.uv.sources]\nb = { path = "b" }\n`),
    ).toBeUndefined();
  });

  it('reads a last line that has no end', () => {
    const tool = '[tool.ruff]\na = ""';
    expect(restored('[project]\na = ""', 'pyproject.toml', tool)).toEqual({
      project: { a: '' },
      tool: { ruff: { a: '' } },
    });
  });

  it('is the base’s as a whole where it cannot be read or taken apart', () => {
    expect(restoreSettings('pyproject.toml', '[tool', base)).toBe(base);
    const mixed = '[tool]\npoetry.version = "1"\npytest.ini_options.addopts = "-q"\n';
    expect(restoreSettings('pyproject.toml', mixed.replace('-q', '-k no'), mixed)).toBe(mixed);
  });

  it('has no settings where the base has no such file', () => {
    const now = '[project]\nname = "n"\n[tool.pytest.ini_options]\naddopts = "--collect-only"\n';
    expect(value(restoreSettings('pyproject.toml', now, undefined) ?? '')).toEqual({
      project: { name: 'n' },
    });
  });

  it('of Cargo: tests and profiles are settings, dependencies are not', () => {
    const cargo = '[package]\nname = "n"\n[dependencies]\na = "1"\n[profile.test]\nopt-level = 1\n';
    expect(restored(cargo.replace('a = "1"', 'a = "2"'), 'Cargo.toml', cargo)).toBeUndefined();
    const test = `${cargo.replace('a = "1"', 'a = "2"')}[[test]]\nname = "x"\nharness = false\n`;
    expect(restored(test, 'Cargo.toml', cargo)).toEqual(value(cargo.replace('a = "1"', 'a = "2"')));
    const none = cargo.replace('name = "n"', 'name = "n"\nautotests = false');
    expect(restored(none, 'Cargo.toml', cargo)).toEqual(value(cargo));
  });

  it('keeps all that is not a setting, and no setting, whatever the values are', () => {
    const Tables = fc.dictionary(
      fc.constantFrom(
        'project',
        'dependency-groups',
        'tool.pytest.ini_options',
        'tool.ruff',
        'tool.uv.sources',
        'tool.poetry',
      ),
      fc.dictionary(
        fc.stringMatching(/^[a-z]{1,3}$/),
        fc.oneof(fc.integer(), fc.boolean(), fc.stringMatching(/^[\w #[\]]*$/)),
      ),
    );
    const written = (tables: Record<string, Record<string, unknown>>) =>
      Object.entries(tables)
        .map(([name, values]) =>
          [
            `[${name}]`,
            ...Object.entries(values).map(([key, one]) => `${key} = ${JSON.stringify(one)}`),
          ].join('\n'),
        )
        .join('\n');
    const isTool = (name: string) => name === 'tool.pytest.ini_options' || name === 'tool.ruff';
    const leaves = (tables: Record<string, Record<string, unknown>>, wanted: (name: string) => boolean) =>
      Object.entries(tables).flatMap(([name, values]) =>
        wanted(name) ? Object.entries(values).map(([key, one]) => [name, key, one]) : [],
      );
    fc.assert(
      fc.property(Tables, Tables, (now, before) => {
        const result = restoreSettings('pyproject.toml', written(now), written(before)) ?? written(now);
        const program = getStaticTOMLValue(parseTOML(result));
        const at = (name: string, key: string) =>
          [...name.split('.'), key].reduce<unknown>(
            (one, part) => (one as Record<string, unknown> | undefined)?.[part],
            program,
          );
        for (const [name, key, one] of leaves(now, (table) => !isTool(table)))
          expect(at(String(name), String(key))).toEqual(one);
        for (const [name, key, one] of leaves(before, isTool))
          expect(at(String(name), String(key))).toEqual(one);
      }),
    );
  });
});
