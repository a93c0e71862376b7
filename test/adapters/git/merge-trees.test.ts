/** A merge of the engine's is what `git merge` makes of it in a clone, under the same attributes. */
import { execFileSync } from 'node:child_process';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributesOf, mergeTrees, pathsOf } from '../../../src/adapters/git/merge-trees.ts';
import { commitFiles, newRepository, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';

type Files = Readonly<Record<string, string>>;

/** Two commits on one, the first of them checked out in the repository. */
function forked(common: Files, ours: Files, theirs: Files) {
  const repository = newRepository(common);
  userGit(repository, 'checkout', '-q', '-b', 'theirs');
  const other = commitFiles(repository, { ...theirs, 'theirs.mark': '' });
  userGit(repository, 'checkout', '-q', 'main');
  return { repository, theirs: other, ours: commitFiles(repository, { ...ours, 'ours.mark': '' }) };
}

const tip = (repository: string, name: string) => userGit(repository, 'rev-parse', name);

/** By the engine, over a bare copy that knows nothing of the clone's settings. */
async function byEngine({ repository, ours, theirs }: ReturnType<typeof forked>) {
  const mirror = scratchFolder('mirror');
  userGit(mirror, 'clone', '-q', '--bare', repository, '.');
  const scratch = scratchFolder('scratch');
  const attributes = await attributesOf(join(repository, '.git'));
  const { tree, clean, conflicts } = await mergeTrees({ mirror, scratch, attributes }, ours, theirs);
  expect(readdirSync(scratch)).toEqual([]);
  return clean ? { tree } : { conflicts: [...pathsOf(conflicts)].sort() };
}

/** By git itself, in the clone. */
function byGit({ repository, theirs }: ReturnType<typeof forked>) {
  // Git looks anew into files of the very moment of its index, and refuses to merge where other attributes meanwhile end their
  // lines in another way: in a clone of a minute ago it does not.
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(repository, '.git', 'index'), later, later);
  try {
    userGit(repository, 'merge', '-q', '--no-edit', theirs);
    return { tree: tip(repository, 'HEAD^{tree}') };
  } catch (error) {
    const names = userGit(repository, 'ls-files', '--unmerged', '-z').split('\0').filter(Boolean);
    if (names.length === 0) throw error;
    return { conflicts: [...new Set(names.map((one) => one.replace(/^.*?\t/s, '')))].sort() };
  }
}

describe('mergeTrees', () => {
  const log = { 'CHANGELOG.md': 'first\n' };
  const append = (line: string) => ({ 'CHANGELOG.md': `first\n${line}\n` });

  it.each<[string, Files]>([
    ['at the top', { '.gitattributes': 'CHANGELOG.md merge=union\n' }],
    ['in the clone alone', { '../info': 'CHANGELOG.md merge=union\n' }],
    ['by a macro', { '.gitattributes': '[attr]log merge=union\n*.md log\n' }],
  ])('joins both lines where attributes %s say so', async (_, { '../info': info, ...attributes }) => {
    const fork = forked({ ...log, ...attributes }, append('ours'), append('theirs'));
    if (info !== undefined) put(fork.repository, { '.git/info/attributes': info });
    const { tree = '' } = await byEngine(fork);
    expect(byGit(fork)).toEqual({ tree });
    expect(userGit(fork.repository, 'show', 'HEAD:CHANGELOG.md')).toBe('first\nours\ntheirs');
  });

  it('counts the attributes of the commit that is checked out, whatever the other one makes of them', async () => {
    const union = { '.gitattributes': '*.md merge=union\n' };
    const taken = forked({ ...log, ...union }, append('ours'), {
      ...append('theirs'),
      '.gitattributes': '\n',
    });
    const { tree = '' } = await byEngine(taken);
    expect(byGit(taken)).toEqual({ tree });
    const brought = forked(log, append('ours'), { ...append('theirs'), ...union });
    expect(await byEngine(brought)).toEqual({ conflicts: ['CHANGELOG.md'] });
    expect(byGit(brought)).toEqual({ conflicts: ['CHANGELOG.md'] });
  });

  it('starts no program that attributes and a configuration name', async () => {
    const fork = forked(
      { ...log, '.gitattributes': '*.md merge=evil filter=evil diff=evil\n' },
      append('ours'),
      append('theirs'),
    );
    const trace = join(scratchFolder('trace'), 'ran');
    const settings = ['merge.evil.driver', 'filter.evil.smudge', 'filter.evil.clean', 'diff.evil.textconv'];
    for (const name of settings) userGit(fork.repository, 'config', name, `touch '${trace}'; cat`);
    expect(await byEngine(fork)).toEqual({ conflicts: ['CHANGELOG.md'] });
    expect(() => execFileSync('ls', [trace], { stdio: 'pipe' })).toThrow();
  });

  it('names the drivers that it does not start for files in conflict, and none of those that git has', async () => {
    const of = async (lines: string, info = '') => {
      const fork = forked({ ...log, '.gitattributes': lines }, append('ours'), append('theirs'));
      put(fork.repository, { '.git/info/attributes': info });
      const attributes = await attributesOf(join(fork.repository, '.git'));
      const place = { mirror: join(fork.repository, '.git'), scratch: scratchFolder('scratch'), attributes };
      return (await mergeTrees(place, fork.ours, fork.theirs)).drivers;
    };
    const evil = [{ path: 'CHANGELOG.md', driver: 'evil' }];
    expect(await of('*.md merge=evil\n*.txt merge=other\n')).toEqual(evil);
    expect(await of('', '*.md merge=evil\n')).toEqual(evil);
    for (const own of ['merge', '-merge', 'merge=text', 'merge=binary', 'merge=union', '!merge'])
      expect(await of(`*.md ${own}\n`)).toEqual([]);
  });

  const PATHS = ['a.md', 'b.txt', 'sub/a.md', 'sub/deep/c.txt', 'sub/"q" é.md'] as const;
  const pattern = fc.constantFrom(
    '*',
    '*.md',
    '*.txt',
    '/a.md',
    'a.md',
    'sub/**',
    'deep/*.txt',
    '"sub/*q* \\303\\251.md"',
  );
  const attribute = fc.constantFrom(
    ...['merge=union', 'merge=binary', 'merge=text', '-merge', 'merge', '!merge', 'binary', '-diff'],
    ...['merge=nobody', 'mine', '-mine', 'conflict-marker-size=3', 'eol=crlf', 'text=auto'],
  );
  const lines = fc.array(
    fc.tuple(pattern, attribute).map((one) => one.join(' ')),
    { maxLength: 4 },
  );
  const rules = fc.record(
    { '.gitattributes': lines, 'sub/.gitattributes': lines, 'sub/deep/.gitattributes': lines },
    { requiredKeys: [] },
  );
  const asFiles = (found: Partial<Record<string, readonly string[]>>): Files =>
    Object.fromEntries(
      Object.entries(found).map(([path, all = []]) => [
        path,
        // Macros count at the top alone.
        ['[attr]mine merge=union', ...all, ''].join('\n'),
      ]),
    );
  const text = fc.constantFrom(
    'one\n2\n3\n',
    '1\n2\nthree\n',
    '1\n2\n3\n4\n',
    '1\n2\n3\nfour\n',
    '\0bytes',
    '',
  );
  const changes = fc.dictionary(fc.constantFrom(...PATHS, 'new.md'), text, { maxKeys: 4 });

  it('equals `git merge` for any attributes and changes', { timeout: 300_000 }, async () => {
    const common = Object.fromEntries(PATHS.map((path) => [path, '1\n2\n3\n']));
    const side = fc.tuple(changes, fc.option(rules, { freq: 3, nil: {} }));
    const seen = { clean: 0, conflict: 0 };
    await fc.assert(
      fc.asyncProperty(rules, fc.option(lines, { nil: [] }), side, side, async (base, info, ours, theirs) => {
        const files = ([own, attributes]: [Files, object]) => ({ ...own, ...asFiles(attributes) });
        const fork = forked({ ...common, ...asFiles(base) }, files(ours), files(theirs));
        put(fork.repository, { '.git/info/attributes': `${(info ?? []).join('\n')}\n` });
        const made = await byEngine(fork);
        seen['tree' in made ? 'clean' : 'conflict'] += 1;
        expect(made).toEqual(byGit(fork));
      }),
      { numRuns: 40 },
    );
    expect(Math.min(seen.clean, seen.conflict), JSON.stringify(seen)).toBeGreaterThan(3);
  });
});

describe('two tasks that append to one file', () => {
  it('are merged by git alone where its attributes join both lines', async () => {
    const world = newWorld({ 'CHANGELOG.md': 'first\n', '.gitattributes': 'CHANGELOG.md merge=union\n' });
    const { workspaces, task, repository } = world;
    const { path } = await workspaces.prepare(task);
    put(path, { 'CHANGELOG.md': 'first\nby the task\n' });
    const head = (await workspaces.commit(task, 'work', `${task.id}/1/commit`)) ?? '';
    const base = commitFiles(repository, { 'CHANGELOG.md': 'first\nby a person\n' });
    const joined = await workspaces.mergeBase(task, head, world.baseCommit, base);
    if (joined.kind !== 'merged') throw new Error('expected a merge');
    expect(userGit(path, 'show', `${joined.commit}:CHANGELOG.md`)).toBe('first\nby a person\nby the task');
    expect(userGit(path, 'status', '--porcelain')).toBe('');
  });
});
