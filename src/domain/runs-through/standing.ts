/**
 * What a file that a check runs through is to a change. What a check starts judges the change, unless it is the product itself,
 * which a check may start as well (`node src/main.js --version`). What a runner only loads may be the very code under test
 * (`scripts/run-tests.mjs` with `import '../src/add.js'`): it counts as the runner's own where its folder says so. Pure.
 */
import { type Lookup, nameOf } from './lookup.ts';

/** `protected`: as in the base for the second pass; `shown`: told to who approves; `left`: neither. */
export type Standing = 'protected' | 'shown' | 'left';

const SOURCE = new Set([
  'src',
  'lib',
  'libs',
  'app',
  'apps',
  'source',
  'sources',
  'pkg',
  'internal',
  'cmd',
  'crates',
]);
const TOOLS = new Set([
  ...[
    'scripts',
    'script',
    'tools',
    'tool',
    'tooling',
    'ci',
    '.ci',
    '.github',
    'hack',
    'devtools',
    'build-tools',
  ],
  ...['automation', 'xtask', 'test', 'tests'],
]);
/** What starts a product, by its name. */
const ENTRY = /^(?:index|main|__main__|app|server|cli|mod|setup)\.\w+$/;

export function standingOf({ how, from = '', reads }: Lookup, path: string): Standing {
  const place = placeOf(path);
  const isEntry = place === undefined && ENTRY.test(nameOf(path));
  // A bundler's configuration names what it bundles, and `eslint-rules/index.js` is none of it.
  if (reads.kind === 'settings')
    return place === 'source' || (isEntry && !path.includes('/')) ? 'left' : 'protected';
  const isProduct = place === 'source' || isEntry;
  if (how === 'run') return isProduct ? 'shown' : 'protected';
  if (place === 'source') return 'left';
  const isBeside = from !== '' && path.startsWith(`${from}/`);
  return place === 'tools' || isBeside ? 'protected' : 'shown';
}

/** By the innermost folder whose name says it: `src/scripts/x.mjs` is a tool, `tools/src/x.ts` is a source. */
function placeOf(path: string): 'source' | 'tools' | undefined {
  for (const name of path.split('/').slice(0, -1).reverse()) {
    if (SOURCE.has(name)) return 'source';
    if (TOOLS.has(name)) return 'tools';
  }
  return undefined;
}
