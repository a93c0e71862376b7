import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLoops } from '../../../src/adapters/loops/find-loops.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { commitFiles, newRepository, put, scratchFolder } from '../scratch-repository.ts';
import { at, faultsOf, found, homeWith, loopText, SKILL } from './sources-rig.ts';

describe('the nearer source wins, and says what it hides', () => {
  it('the repository, then the home, then what Pawl brings', async () => {
    const home = homeWith({
      'loops/mine.yaml': loopText('feature', 'of the home'),
      'loops/own.yml': loopText('own', 'own'),
    });
    const repository = newRepository({
      '.pawl/loops/feature.yaml': loopText('feature', 'of the repository'),
    });
    expect(await found(home, at(repository), 'feature')).toMatchObject({
      source: 'repository',
      file: '.pawl/loops/feature.yaml',
      read: { ok: true, loop: { title: 'of the repository' } },
      shadows: [
        { source: 'home', file: join(home.loops, 'mine.yaml') },
        { source: 'built-in', file: 'built-in/feature.yaml' },
      ],
    });
    expect(await found(home, undefined, 'feature')).toMatchObject({ source: 'home' });
    const all = await createLoops(homeWith(), undefined).all();
    expect(all.map(({ id, source, shadows }) => [id, source, shadows])).toEqual(
      ['bugfix', 'engineering', 'feature', 'review'].map((id) => [id, 'built-in', []]),
    );
  });

  it('of the commit, and nothing of the working tree', async () => {
    const repository = newRepository({ '.pawl/loops/feature.yaml': loopText('feature', 'committed') });
    put(repository, {
      '.pawl/loops/feature.yaml': loopText('feature', 'only written'),
      '.pawl/loops/new.yaml': loopText('new', 'new'),
    });
    const all = await createLoops(homeWith(), at(repository)).all();
    expect(all.find(({ id }) => id === 'feature')?.read).toMatchObject({ loop: { title: 'committed' } });
    expect(all.map(({ id }) => id)).not.toContain('new');
  });

  it.each([
    ['with a fault of form', 'loop: feature\nphases: []\n'],
    ['that is no YAML', 'loop: feature\n\t- x\n'],
    ['of another name', 'title: x\nloop: feature\nphasen: []\n'],
  ])('a file %s still hides what it stands before', async (_, text) => {
    const repository = newRepository({ '.pawl/loops/other.yaml': text });
    const loop = await found(homeWith(), at(repository), 'feature');
    expect(loop).toMatchObject({
      source: 'repository',
      read: { ok: false },
      shadows: [{ source: 'built-in' }],
    });
    expect(faultsOf(loop)[0]).toMatch(/^\.pawl\/loops\/other\.yaml:\d/);
  });

  it('two files of one id in one place: the second is told', async () => {
    const repository = newRepository({
      '.pawl/loops/a.yaml': loopText('same', 'a'),
      '.pawl/loops/b.yaml': loopText('same', 'b'),
    });
    expect(await found(homeWith(), at(repository), 'same')).toMatchObject({
      file: '.pawl/loops/a.yaml',
      read: { ok: true },
    });
    expect(faultsOf(await found(homeWith(), at(repository), 'b'))).toEqual([
      '.pawl/loops/b.yaml:1 loop: expected another loop: .pawl/loops/a.yaml is same already',
    ]);
  });

  it('JSON of create_loop is a loop too, and other files are none', async () => {
    const seed = JSON.stringify({
      id: 'seeded',
      name: 'Seeded',
      phases: [{ name: 'A', skills: ['b'], required: true }],
    });
    const home = homeWith({
      'loops/seeded.json': seed,
      'loops/README.md': '# x',
      'loops/below/x.yaml': loopText('x', 'x'),
    });
    expect((await createLoops(home, undefined).all()).map(({ id }) => id)).toEqual([
      'bugfix',
      'engineering',
      'feature',
      'review',
      'seeded',
    ]);
  });
});

describe('files that are no files of their own', () => {
  it('a link is not followed, in a commit or in the home', async () => {
    const secret = join(scratchFolder('secret'), 'secret.yaml');
    writeFileSync(secret, loopText('secret', 'secret'));
    const repository = newRepository();
    mkdirSync(join(repository, '.pawl', 'loops'), { recursive: true });
    symlinkSync(secret, join(repository, '.pawl', 'loops', 'linked.yaml'));
    commitFiles(repository, {});
    const home = homeWith({ 'loops/x.yaml': loopText('x', 'x') });
    symlinkSync(secret, join(home.loops, 'too.yaml'));
    expect(faultsOf(await found(home, at(repository), 'linked'))).toEqual([
      expect.stringContaining('expected a file, got a link'),
    ]);
    expect(faultsOf(await found(home, undefined, 'too'))).toEqual([
      expect.stringContaining('expected a file, got a link'),
    ]);
  });

  it('a huge one is told by its size', async () => {
    const repository = newRepository({ '.pawl/loops/huge.yaml': `# ${'x'.repeat(4 * LIMITS.loopCharsMax)}` });
    expect(faultsOf(await found(homeWith(), at(repository), 'huge'))).toEqual([
      expect.stringContaining('expected at most'),
    ]);
  });
});

describe('what the repository does not have', () => {
  const text = loopText(
    'x',
    'x',
    'agent: [claude, mine], repeat: { most: 2, until: { checks: [test, lint] } }',
  );
  const check = (name: string) => ({ name, run: ['true'] });

  it('is told where it is named; all of it there is a loop', async () => {
    const repository = newRepository({ '.pawl/loops/x.yaml': text });
    const configuration = { checks: [check('test')], agents: {} };
    expect(faultsOf(await found(homeWith(), at(repository, configuration), 'x'))).toEqual([
      expect.stringMatching(
        /x\.yaml:6 phases\[0\]\.skills\[0\]\.agent: there is no agent mine: expected one of auto, claude/,
      ),
      expect.stringMatching(
        /x\.yaml:6 phases\[0\]\.skills\[0\]\.repeat\.until\.checks: there is no check lint: expected one of test/,
      ),
    ]);
    const whole = { checks: [check('test'), check('lint')], agents: { mine: { command: ['true'] } } };
    expect((await found(homeWith(), at(repository, whole), 'x')).read.ok).toBe(true);
  });

  it('is not looked for where no repository is named', async () => {
    expect((await found(homeWith({ 'loops/x.yaml': text }), undefined, 'x')).read.ok).toBe(true);
  });
});

it('a text is checked as if it were there', async () => {
  const repository = newRepository({ '.pawl/skills/write-plan/SKILL.md': SKILL });
  const loops = createLoops(homeWith(), at(repository));
  const text = loopText('g', 'g', 'agent: auto, guides: [write-plan]');
  expect((await loops.check('new.yaml', text)).read.ok).toBe(true);
  expect(faultsOf(await loops.check('new.yaml', text.replace('write-plan', 'write-plans')))).toEqual([
    expect.stringContaining('new.yaml:6 phases[0].skills[0].guides: there is no guide write-plans'),
  ]);
});

it('reads a file once, until it says something else', async () => {
  const home = homeWith({ 'loops/own.yaml': loopText('own', 'one') });
  const own = async () => {
    const { read } = await found(home, undefined, 'own');
    return read.ok ? read.loop : expect.fail('it has faults');
  };
  const first = await own();
  expect(await own()).toBe(first);
  writeFileSync(join(home.loops, 'own.yaml'), loopText('own', 'two'));
  expect(await own()).toMatchObject({ title: 'two' });
  writeFileSync(join(home.loops, 'own.yaml'), loopText('own', 'one'));
  expect(await own()).toEqual(first);
});
