/**
 * What a random repository is made of, as data: its layout, what its person has begun in it, its files and attributes, and
 * what the agent and then the person change. `make.ts` makes one of it, `judge.ts` says what must become of it.
 */
import fc from 'fast-check';

/** Where the person's files and git's own folder are. */
export const LAYOUTS = [
  'plain',
  'bare',
  'bare with a linked working tree',
  'a linked working tree',
  'git folder elsewhere',
  'submodule',
  'clone',
  'shallow clone',
  'partial clone',
  'partial clone with the rest fetched',
] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What a person has begun in their checkout. */
export const CHECKOUTS = [
  'clean',
  'another branch',
  'detached',
  'other changes',
  'changes of the same file',
  'staged',
  'a file in the way',
  'an unknown file',
  'a merge under way',
  'a cherry-pick under way',
  'a rebase of another branch',
  'a rebase of the base',
  'a bisect',
  'an index lock',
  'sparse',
] as const;
export type Checkout = (typeof CHECKOUTS)[number];

/** What is told before an agent is paid. */
export const REFUSALS = [
  'a branch without a commit',
  'names of objects by SHA-256',
  'no such base',
  'the base stands for another branch',
  'a branch in the way',
  'work of others on the branch of the task',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What the person does to the base while the change waits for approval. */
export const MOVES = ['none', 'commit', 'amend', 'rewrite'] as const;
export type Move = (typeof MOVES)[number];

/** A path's bytes, as latin1: not every name is text. */
export type Path = string;

export type Edit =
  | { readonly kind: 'line'; readonly path: Path; readonly line: number; readonly text: string }
  | { readonly kind: 'write'; readonly path: Path; readonly bytes: string }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'rename'; readonly path: Path; readonly to: Path }
  | { readonly kind: 'executable'; readonly path: Path }
  | { readonly kind: 'link'; readonly path: Path; readonly target: string }
  | { readonly kind: 'folder'; readonly path: Path };

export interface Plan {
  readonly layout: Layout;
  readonly checkout: Checkout;
  readonly refusal?: Refusal;
  readonly base: string;
  readonly attributes: readonly string[];
  /** Where those are: in the commit, or in the clone alone. */
  readonly attributesIn: 'commit' | 'clone';
  /** Content as base64. */
  readonly files: readonly { readonly path: Path; readonly bytes: string }[];
  readonly gitlink: boolean;
  readonly tags: readonly string[];
  readonly agent: readonly Edit[];
  readonly move: Move;
  readonly person: readonly Edit[];
}

const utf8 = (text: string): Path => Buffer.from(text).toString('latin1');

const PATHS: readonly Path[] = [
  'a.txt',
  'src/b.txt',
  'src/deep/er/c.md',
  'two words.txt',
  'quo"te\'s.txt',
  '-dash.txt',
  ':(top)magic.txt',
  '*.glob',
  'back\\slash.txt',
  'tab\there.txt',
  'new\nline.txt',
  'CASE.txt',
  'case.txt',
  'trailing ',
  '.hidden',
  'HEAD',
  `${'long'.repeat(50)}.txt`,
  utf8('\u00fcber.txt'),
  utf8('u\u0308ber.txt'),
  utf8('🚀.md'),
  '\xff\xfe-no-text.bin',
];

const lines = (end: string, count = 12) =>
  Array.from({ length: count }, (_, at) => `line ${at + 1} of these${end}`).join('');
const CONTENTS: readonly Buffer[] = [
  Buffer.from(lines('\n')),
  Buffer.from(lines('\r\n')),
  Buffer.from(lines('\n').trimEnd()),
  Buffer.from(`$Id$\n${lines('\n')}`),
  Buffer.from(`caf\xe9\n${lines('\n')}`, 'latin1'),
  Buffer.from(`${lines('\n', 6)}${lines('\r\n', 6)}`),
  Buffer.from(`\ufeff${lines('\n')}`, 'utf16le'),
  Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7) % 256)),
  Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
  Buffer.alloc(0),
];

const ATTRIBUTES = [
  '* text=auto',
  '*.txt text eol=crlf',
  '*.txt text eol=lf',
  '*.txt merge=union',
  '*.txt -merge',
  '*.txt merge=binary',
  '*.txt merge=nobody-defined-this',
  '*.txt binary',
  '*.txt ident',
  '*.txt conflict-marker-size=20',
  '*.txt -text',
  '*.md export-ignore',
  '*.txt diff=none',
  '[attr]mine text eol=lf',
  '*.txt mine',
] as const;

/**
 * A workspace is like a fresh clone: how its files are written, only what is committed says. How they are merged, the
 * person's clone says as well.
 */
const isOfMerging = (attribute: string) => /merge|binary|conflict|diff|export/.test(attribute);

const base64 = (bytes: Buffer): string => bytes.toString('base64');
const path = fc.constantFrom(...PATHS);
const bytes = fc.constantFrom(...CONTENTS).map(base64);
const NEW_PATHS = ['new.txt', 'src/new.txt', 'n/e/w.txt', 'src/new.bin'];

const editOf = (known: readonly Path[]): fc.Arbitrary<Edit> => {
  const one = fc.constantFrom(...known);
  const target = fc.constantFrom(...known, 'nowhere', '../outside').map((to) => to.replaceAll('\n', ''));
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('line' as const),
        path: one,
        line: fc.integer({ min: 0, max: 11 }),
        text: fc.constantFrom('changed', 'changed otherwise'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        path: fc.constantFrom(...NEW_PATHS),
        bytes,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const), path: one, bytes }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), path: one }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('rename' as const),
        path: one,
        to: fc.constantFrom(...NEW_PATHS, 'moved/here.txt'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('executable' as const), path: one }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('link' as const), path: one, target }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('folder' as const), path: one }) },
  );
};

/** Without a working tree nobody has begun anything in it. */
const checkoutOf = (layout: Layout): fc.Arbitrary<Checkout> =>
  layout === 'bare'
    ? fc.constant('clean')
    : fc.oneof(
        { weight: 2, arbitrary: fc.constant('clean' as const) },
        { weight: 3, arbitrary: fc.constantFrom(...CHECKOUTS) },
      );

/** What only a checkout that is as committed lets a person do. */
const moveOf = (checkout: Checkout): fc.Arbitrary<Move> =>
  checkout === 'clean' || checkout === 'an unknown file' || checkout === 'a bisect'
    ? fc.oneof(
        { weight: 2, arbitrary: fc.constant('commit' as const) },
        { weight: 3, arbitrary: fc.constantFrom(...MOVES) },
      )
    : fc.constant('none');

export const plans: fc.Arbitrary<Plan> = fc
  .record({
    layout: fc.constantFrom(...LAYOUTS),
    files: fc.uniqueArray(fc.record({ path, bytes }), {
      selector: (file) => file.path,
      minLength: 2,
      maxLength: 7,
    }),
  })
  .chain(({ layout, files }) => {
    const known = files.map((file) => file.path);
    const edits = (minLength: number) => fc.array(editOf(known), { minLength, maxLength: 4 });
    return checkoutOf(layout).chain((checkout) =>
      fc.record({
        layout: fc.constant(layout),
        checkout: fc.constant(checkout),
        refusal: fc.oneof(
          { weight: 7, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.constantFrom(...REFUSALS) },
        ),
        base: fc.constantFrom('main', 'main', 'release/1.0', 'über', 'pawl-fixes'),
        attributes: fc.uniqueArray(fc.constantFrom(...ATTRIBUTES), { maxLength: 3 }),
        attributesIn: fc.constantFrom('commit' as const, 'clone' as const),
        files: fc.constant(files),
        gitlink: fc.boolean(),
        tags: fc.subarray(['v1.0.0', 'light', 'main', 'deep/tag']),
        agent: edits(1),
        move: moveOf(checkout),
        person: edits(1),
      }),
    );
  })
  .map(({ refusal, attributes, ...plan }) => ({
    ...plan,
    attributes: plan.attributesIn === 'clone' ? attributes.filter(isOfMerging) : attributes,
    ...(refusal !== undefined && { refusal }),
    // On a branch without a commit there is nothing to begin with.
    ...(refusal === 'a branch without a commit' && { checkout: 'clean' as const }),
  }));
