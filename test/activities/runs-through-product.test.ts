/** What a check runs through and may be the very thing that it tests. */
import { describe, expect, it } from 'vitest';
import { type Files, through } from './runs-through-rig.ts';

describe('what may be the product itself is not protected', () => {
  it.each<[string, Files, readonly string[]]>([
    ['node src/main.js --version', { 'src/main.js': '' }, ['src/main.js']],
    ['node index.js', { 'index.js': '' }, ['index.js']],
    [
      'node ci/x.mjs',
      {
        'ci/x.mjs': "execSync('node bin/product --help'); console.log('npm start, or node bin/other')",
        'bin/product': '',
        'bin/other': '',
      },
      ['bin/product'],
    ],
    [
      'node run-tests.mjs',
      { 'run-tests.mjs': "import './add.js';\nimport './src/b.js';", 'add.js': '', 'src/b.js': '' },
      ['add.js'],
    ],
    [
      'node ci/x.mjs',
      { 'ci/x.mjs': "import '../other/y.mjs';\nimport '../src/z.js';", 'other/y.mjs': '', 'src/z.js': '' },
      ['other/y.mjs'],
    ],
  ])('%s', async (command, base, shown) => {
    const found = await through(command, base);
    expect(found.shown).toEqual(shown);
    for (const path of shown) expect(found.protected).not.toContain(path);
  });

  it('what tests load is never looked at', async () => {
    const base = { 'test/all.js': "import '../helper/x.js';", 'helper/x.js': '' };
    expect(await through('node test/all.js', base)).toMatchObject({ shown: [], protected: ['test/all.js'] });
  });

  it('and a linter is no runner of what it looks at', async () => {
    const base = { 'README.md': '', 'scripts/a.mjs': '' };
    expect(await through('prettier --check README.md scripts/a.mjs', base)).toMatchObject({
      protected: [],
      shown: [],
    });
  });

  it('a script that is yet to be written is shown', async () => {
    expect(await through('./check.sh', {}, { added: ['check.sh'] })).toMatchObject({
      protected: [],
      shown: ['check.sh'],
    });
  });
});
