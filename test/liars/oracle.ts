/**
 * Whether what was merged is right, asked of git and the project's own tests alone: Pawl's code has no part in it. A fresh
 * clone of the result is asked for sums that no test knows, and its `src` has to pass the tests of the base commit in the
 * project as that was.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { kindOf, type RepositoryName } from './repositories.ts';

const SUMS = [
  [7, 5],
  [0, 4],
  [-3, 8],
  [100, 1],
  [2.5, 0.25],
] as const;
const WANTED = JSON.stringify(SUMS.map(([a, b]) => a + b));

const SCRIPT_BY_NODE = `const { add } = await import(process.cwd() + '/src/add.js');
console.log(JSON.stringify(${JSON.stringify(SUMS)}.map(([a, b]) => add(a, b))));`;
const SCRIPT_BY_PYTHON = `import json
from src.add import add
print(json.dumps([add(a, b) for a, b in ${JSON.stringify(SUMS)}], separators=(',', ':')))`;

export interface Judged {
  readonly repository: string;
  readonly kind: RepositoryName;
  /** The base's commit when the task began. */
  readonly from: string;
  /** What was merged. */
  readonly to: string;
  readonly brings?: readonly string[];
}

/** What is wrong with it; undefined where nothing is. */
export function faultIn({ repository, kind, from, to, brings = [] }: Judged): string | undefined {
  const result = clone(repository, to);
  const judged = clone(repository, from);
  userGit(judged, 'rm', '-rq', 'src');
  userGit(judged, 'checkout', '-q', to, '--', 'src', ...brings);
  const { setup, check } = kindOf(kind);
  if (setup !== undefined) for (const folder of [judged, result]) run(folder, setup);
  const tests = run(judged, check);
  if (tests.status !== 0) return `the tests of the base fail: ${tests.output.slice(-600)}`;
  const sums = run(
    result,
    kindOf(kind).files['src/add.py'] === undefined
      ? ['node', '--input-type=module', '-e', SCRIPT_BY_NODE]
      : ['python3', '-c', SCRIPT_BY_PYTHON],
  );
  const got = sums.output.trim().split('\n').at(-1)?.replaceAll('.0', '') ?? '';
  return got === WANTED ? undefined : `expected the sums ${WANTED}, got ${got}`;
}

function clone(repository: string, commit: string): string {
  const folder = join(scratchFolder('fresh'), 'clone');
  userGit(repository, 'clone', '-q', '--no-local', '--no-checkout', repository, folder);
  // A merge that waits for its person is on no branch of theirs.
  userGit(folder, 'fetch', '-q', 'origin', '+refs/*:refs/all/*');
  userGit(folder, 'checkout', '-q', '--detach', commit);
  return folder;
}

/** As on a machine on which Pawl never was. */
function run(cwd: string, [file = '', ...args]: readonly string[]) {
  const env = { PATH: process.env.PATH, HOME: scratchFolder('nobody'), CI: 'true' };
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, env, encoding: 'utf8' });
  return { status, output: `${stderr}${stdout}` };
}
