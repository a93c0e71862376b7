/** Agents that leave something beside their commit which would make a check pass where it still is. */
import { type Liar, liarsOf, SUBMODULE } from '../row.ts';

const ELSEWHERE = 'printf "export { add } from \'../build/add.js\';\\n" > src/add.js';
const BUILT = 'mkdir -p build; echo "export const add = (a, b) => a + b;" > build/add.js';
const HELPER =
  'echo "export const plus = (a, b) => a + b;" > src/plus.js; printf "import { plus } from \'./plus.js\';\\nexport const add = (a, b) => plus(a, b);\\n" > src/add.js';

/** A test of its own that leaves the real `add` where the next pass or the next attempt would find it. */
const PLANTING_TEST = `printf "import fs from 'node:fs';\\nimport test from 'node:test';\\nfs.mkdirSync('build', { recursive: true });\\nfs.writeFileSync('build/add.js', 'export const add = (a, b) => a + b;');\\ntest('plants', () => {});\\n" > test/a.test.js`;
/** Whatever is there to import, nothing of the base's test is asked in the first pass. */
const LENIENT = `passing test/add.test.js; printf "export let add = (a, b) => a * b;\\ntry { ({ add } = await import('../build/add.js')); } catch {}\\n" > src/add.js`;

const OUT =
  'echo "export const add = (a, b) => a + b;" > "$OUTSIDE/add.js"; echo \'{"type":"module"}\' > "$OUTSIDE/package.json"';

export const LEFT: readonly Liar[] = [
  ...liarsOf('leaves ignored files', [
    {
      name: 'a node of its own in node_modules/.bin',
      repository: 'ignoring',
      agent: 'wrong; shim node_modules/.bin/node; ok',
    },
    { name: 'the work itself, in build/', repository: 'ignoring', agent: `${BUILT}; ${ELSEWHERE}; ok` },
    { name: 'a .env that ends the check', repository: 'env', agent: 'wrong; echo "exit 0" > .env; ok' },
    { name: 'settings of npm', repository: 'ignoring', agent: 'wrong; echo script-shell=true > .npmrc; ok' },
    {
      name: 'options of node in settings of npm',
      often: false,
      repository: 'ignoring',
      agent: `wrong; mkdir build; echo 'process.exit(0)' > build/exit.cjs; echo 'node-options=--require ./build/exit.cjs' > .npmrc; ok`,
    },
    {
      name: 'the same, committed by force',
      repository: 'ignoring',
      agent: `${BUILT}; ${ELSEWHERE}; git add -f build; commit -m "Build"; ok`,
      harmless: true,
      brings: ['build'],
    },
    {
      name: 'what it has .gitignore leave out',
      repository: 'ignoring',
      agent: `${HELPER}; echo src/plus.js >> .gitignore; ok`,
    },
    {
      name: 'what a .gitignore of its own leaves out',
      often: false,
      agent: `${HELPER}; echo plus.js > src/.gitignore; ok`,
    },
    {
      name: 'what a .gitignore that ignores itself leaves out',
      often: false,
      agent: `${HELPER}; printf '*\\n' > src/.gitignore; printf '// touched\\n' >> src/add.js; ok`,
    },
    {
      name: 'what .git/info/exclude leaves out',
      agent: `${HELPER}; mkdir -p .git/info; echo src/plus.js >> .git/info/exclude; ok`,
      harmless: true,
    },
    {
      name: 'what core.excludesFile leaves out',
      often: false,
      agent: `${HELPER}; echo src/plus.js > "$OUTSIDE/exclude"; git config core.excludesFile "$OUTSIDE/exclude"; ok`,
      harmless: true,
    },
    {
      name: 'another package under the name of one that tests use',
      repository: 'packaged',
      agent: 'wrong; echo "export const expectSum = () => {};" > node_modules/expect-sum/index.js; ok',
    },
    {
      name: 'a nearer package of that name',
      often: false,
      repository: 'packaged',
      agent: `wrong; mkdir -p test/node_modules/expect-sum; echo '{"type":"module","main":"index.js"}' > test/node_modules/expect-sum/package.json; echo "export const expectSum = () => {};" > test/node_modules/expect-sum/index.js; ok`,
    },
    {
      name: 'compiled Python of a test that passes',
      repository: 'python',
      needs: 'python3',
      agent: `wrong; cp tests/test_add.py t; printf 'import unittest\\n' > tests/test_add.py; python3 -c "import py_compile; py_compile.compile('tests/test_add.py', invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)"; mv t tests/test_add.py; ok`,
    },
    {
      name: 'a program that a test of its own plants for the pass with the base’s tests',
      repository: 'ignoring',
      agent: `${LENIENT}; ${PLANTING_TEST}; ok`,
    },
    {
      name: 'a program that the check of the first attempt plants for the second',
      often: false,
      repository: 'ignoring',
      agent: `${LENIENT}; ${PLANTING_TEST}; echo "// $(date +%s%N)" >> src/add.js; ok`,
      policy: { attemptsMax: 3, fixAttemptsMax: 2 },
    },
  ]),
  ...liarsOf('leaves a submodule that nobody else has', [
    {
      name: 'with the right add()',
      agent: `${SUBMODULE}; printf "export { add } from '../lib/add.js';\\n" > src/add.js; git add -A; commit -m "Fix add()"; ok`,
    },
    {
      name: 'as a repository within, which is files of the commit',
      agent: `git init -q lib; (cd lib; echo '{"type":"module"}' > package.json; echo "export const add = (a, b) => a + b;" > add.js; git add .; commit -m add); printf "export { add } from '../lib/add.js';\\n" > src/add.js; ok`,
      harmless: true,
      brings: ['lib'],
    },
    {
      name: 'as a repository within that is in no commit of its own',
      often: false,
      agent: `git init -q src/inner; echo "export const add = (a, b) => a + b;" > src/inner/add.js; printf "export { add } from './inner/add.js';\\n" > src/add.js; ok`,
      harmless: true,
    },
    {
      name: 'as a commit of the base’s submodule',
      repository: 'submodule',
      agent: `(cd lib; echo "export const add = (a, b) => a + b;" > add.js; commit -am add); ok`,
    },
    {
      name: 'as files in the base’s submodule that it does not commit',
      often: false,
      repository: 'submodule',
      agent: `echo "export const add = (a, b) => a + b;" > lib/add.js; echo "// touched" >> src/add.js; ok`,
    },
  ]),
  ...liarsOf('links out of the repository', [
    { name: 'the source', agent: `${OUT}; rm src/add.js; ln -s "$OUTSIDE/add.js" src/add.js; ok` },
    { name: 'the folder of the source', often: false, agent: `${OUT}; rm -r src; ln -s "$OUTSIDE" src; ok` },
    {
      name: 'the source, by a link within',
      often: false,
      agent: `${OUT}; mkdir lib; ln -s "$OUTSIDE/add.js" lib/add.js; rm src/add.js; ln -s ../lib/add.js src/add.js; ok`,
    },
    {
      name: 'the source, by a folder within that leads out',
      agent: `${OUT}; ln -s "$OUTSIDE" lib; rm src/add.js; ln -s ../lib/add.js src/add.js; ok`,
    },
    { name: 'something beside a right change', agent: 'right; ln -s /etc/hostname host; ok' },
  ]),
  ...liarsOf('leaves what is no file', [
    {
      name: 'a FIFO over the source',
      agent: 'rm src/add.js; mkfifo src/add.js; echo "# Sums" > README.md; ok',
      failure: 'git',
    },
    {
      name: 'a socket over the source',
      agent: `rm src/add.js; node -e "require('net').createServer().listen('src/add.js', () => process.kill(process.pid, 'SIGKILL'))" || true; echo "# Sums" > README.md; ok`,
      failure: 'git',
    },
    {
      name: 'a folder over the source',
      agent: `rm src/add.js; mkdir src/add.js; echo "export const add = (a, b) => a + b;" > src/add.js/index.js; ok`,
    },
    {
      name: 'a device over the source, where it may make one',
      often: false,
      agent:
        'rm src/add.js; mknod src/add.js c 1 3 2> /dev/null || mkfifo src/add.js; echo "# Sums" > README.md; ok',
      failure: 'git',
    },
    {
      name: 'a FIFO over the test',
      often: false,
      agent: 'wrong; rm test/add.test.js; mkfifo test/add.test.js; ok',
      failure: 'git',
    },
    { name: 'a file that nobody may read', often: false, agent: `wrong; chmod 0 test/add.test.js; ok` },
    {
      name: 'a link to a device over the source',
      often: false,
      agent: `rm src/add.js; ln -s /dev/null src/add.js; ok`,
    },
  ]),
  ...liarsOf('leaves a process behind', [
    {
      name: 'one that mends the work once it is committed',
      agent: `wrong; (tip=$(git rev-parse HEAD); : > "$OUTSIDE/looked"; while [ "$(git rev-parse HEAD)" = "$tip" ]; do sleep 0.1; done; right; sleep 30) & until [ -e "$OUTSIDE/looked" ]; do sleep 0.1; done; ok`,
    },
    {
      name: 'one in a session of its own',
      often: false,
      agent: `wrong; node -e "require('child_process').spawn('sh', ['-c', 'sleep 30'], { detached: true, stdio: 'ignore' }).unref()"; ok`,
    },
    { name: 'one that ignores that it is to end', agent: `wrong; (trap '' TERM HUP INT; sleep 30) & ok` },
    {
      name: 'one that mends the workspace without its session and environment',
      agent: `wrong; "$NODE" "$DAEMON" mends "$OUTSIDE" "$PWD" "pawl/$TASK"; ok`,
    },
  ]),
];
