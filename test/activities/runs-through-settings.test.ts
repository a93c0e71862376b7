/** Which files the configuration of a test runner has loaded, before a test is. */
import { expect, it } from 'vitest';
import { type Files, through } from './runs-through-rig.ts';

it.each<[string, Files, readonly string[]]>([
  [
    'vitest.config.ts',
    {
      'vitest.config.ts':
        "import x from './plugins/x';\nexport default { test: { setupFiles: ['./hooks.ts'] }, entry: './src/main.ts' }",
    },
    ['hooks.ts', 'plugins/x.ts'],
  ],
  [
    'jest.config.json',
    { 'jest.config.json': '{"globalSetup": "<rootDir>/hooks.ts", "runner": "./plugins/x"}' },
    ['hooks.ts', 'plugins/x.ts'],
  ],
  [
    'package.json',
    { 'package.json': '{"mocha":{"require":["./hooks.ts"]},"exports":{"import":"./plugins/x.ts"}}' },
    ['hooks.ts'],
  ],
  ['.mocharc.yml', { '.mocharc.yml': 'require:\n  - ./hooks.ts\nspec: test\n' }, ['hooks.ts']],
  [
    'eslint.config.js',
    { 'eslint.config.js': "import rules from './rules/index.js';\n", 'rules/index.js': '' },
    ['rules/index.js'],
  ],
  ['.rspec', { '.rspec': '--require ./hooks.ts\n' }, ['hooks.ts']],
])('by a setting in %s', async (name, settings, expected) => {
  const base = { ...settings, 'hooks.ts': '', 'plugins/x.ts': '', 'src/main.ts': '' };
  const { protected: found, shown } = await through('npx some-runner', base);
  expect(found.filter((path) => path !== name)).toEqual(expected);
  expect(shown).toEqual([]);
});
