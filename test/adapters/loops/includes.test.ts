/** Loops that include others: where those are found, what pins them, and where a fault is told. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLoops } from '../../../src/adapters/loops/find-loops.ts';
import { commitFiles, newRepository, put } from '../scratch-repository.ts';
import { at, digestOf, faultsOf, found, homeWith, loopText, SKILL } from './sources-rig.ts';

const including = (id: string, ...others: readonly string[]) =>
  `loop: ${id}\ntitle: ${id}\nbudget: { usd: 1 }\nphases:\n${others.map((one) => `  - include: ${one}\n`).join('')}`;
const skillsOf = ({ read }: Awaited<ReturnType<typeof found>>) =>
  read.ok ? read.loop.phases.flatMap(({ skills }) => skills.map(({ id, by }) => `${id} ${by.kind}`)) : [];
const RUNS = "run: 'true'";

describe('what is included is found', () => {
  it('nearest to the loop that includes it, and never before it', async () => {
    const home = homeWith({
      'loops/part.yaml': loopText('part', 'of the home', RUNS),
      'loops/homely.yaml': including('homely', 'part'),
    });
    const repository = newRepository({
      '.pawl/loops/part.yaml': loopText('part', 'of the repository'),
      '.pawl/loops/here.yaml': including('here', 'part', 'homely'),
    });
    const here = await found(home, at(repository), 'here');
    expect(skillsOf(here)).toEqual(['part-b manual', 'homely-part-b run']);
    expect(here.read).toMatchObject({
      includes: [
        { source: 'repository', file: '.pawl/loops/part.yaml' },
        { source: 'home', file: join(home.loops, 'homely.yaml') },
        { source: 'home', file: join(home.loops, 'part.yaml') },
      ],
    });
    expect(skillsOf(await found(home, undefined, 'homely'))).toEqual(
      ['homely-part-b run'].map((one) => one.replace('homely-', '')),
    );
  });

  it('among those that Pawl brings', async () => {
    const repository = newRepository({ '.pawl/loops/here.yaml': including('here', 'review') });
    const { read } = await found(homeWith(), at(repository), 'here');
    expect(read).toMatchObject({
      ok: true,
      includes: [{ source: 'built-in', file: 'built-in/review.yaml' }],
      loop: { phases: [{ id: 'review-read' }, { id: 'review-report' }] },
    });
  });
});

describe('the digest covers all that is included', () => {
  it('also by way of others, and nothing that is not', async () => {
    const repository = newRepository({
      '.pawl/loops/a.yaml': including('a', 'b'),
      '.pawl/loops/b.yaml': including('b', 'c'),
      '.pawl/loops/c.yaml': loopText('c', 'one'),
      '.pawl/loops/d.yaml': loopText('d', 'd'),
    });
    const digest = async () => digestOf(await found(homeWith(), at(repository), 'a'));
    const first = await digest();
    commitFiles(repository, { '.pawl/loops/d.yaml': loopText('d', 'other') });
    expect(await digest()).toBe(first);
    commitFiles(repository, { '.pawl/loops/c.yaml': loopText('c', 'two') });
    expect(await digest()).not.toBe(first);
    commitFiles(repository, { '.pawl/loops/c.yaml': loopText('c', 'one') });
    expect(await digest()).toBe(first);
  });

  it('and its guides, which are pinned with the loop', async () => {
    const repository = newRepository({
      '.pawl/loops/a.yaml': including('a', 'b'),
      '.pawl/loops/b.yaml': loopText('b', 'b', 'agent: auto, guides: [write-plan]'),
    });
    expect(faultsOf(await found(homeWith(), at(repository), 'a'))).toEqual([
      expect.stringMatching(
        /^\.pawl\/loops\/a\.yaml:5 phases\[0\]\.include: b-b\.guides: there is no guide write-plan: /,
      ),
    ]);
    put(repository, { '.pawl/skills/write-plan/SKILL.md': SKILL });
    commitFiles(repository, {});
    expect((await found(homeWith(), at(repository), 'a')).read).toMatchObject({
      guides: [{ name: 'write-plan' }],
    });
  });
});

describe('a fault is told in the file that includes, with its line', () => {
  const faultIn = async (files: Readonly<Record<string, string>>, id: string) => {
    const named = Object.entries(files).map(([name, text]) => [`.pawl/loops/${name}.yaml`, text]);
    const repository = newRepository(Object.fromEntries(named));
    return faultsOf(await found(homeWith(), at(repository), id));
  };

  it('a loop that is not there', async () => {
    expect(await faultIn({ a: including('a', 'gone') }, 'a')).toEqual([
      '.pawl/loops/a.yaml:5 phases[0].include: there is no loop gone here: expected one of a, bugfix, engineering, feature, review',
    ]);
  });

  it('one that is part of itself, with the chain; and one that has such a part', async () => {
    const files = {
      a: including('a', 'ok', 'b'),
      b: including('b', 'c'),
      c: including('c', 'a'),
      ok: loopText('ok', 'ok'),
      outside: including('outside', 'a'),
      self: including('self', 'self'),
    };
    expect(await faultIn(files, 'a')).toEqual([
      '.pawl/loops/a.yaml:6 phases[1].include: a → b → c → a: a loop cannot be part of itself',
    ]);
    expect(await faultIn(files, 'c')).toEqual([
      '.pawl/loops/c.yaml:5 phases[0].include: c → a → b → c: a loop cannot be part of itself',
    ]);
    expect(await faultIn(files, 'outside')).toEqual([
      '.pawl/loops/outside.yaml:5 phases[0].include: a has a fault: .pawl/loops/a.yaml:6 phases[1].include: a → b → c → a: a loop cannot be part of itself',
    ]);
    expect(await faultIn(files, 'self')).toEqual([
      '.pawl/loops/self.yaml:5 phases[0].include: self → self: a loop cannot be part of itself',
    ]);
  });

  it('one with faults, which hides those behind it', async () => {
    const review = 'loop: review\nphases: []\nmore: 1\n';
    expect(await faultIn({ a: including('a', 'review'), review }, 'a')).toEqual([
      '.pawl/loops/a.yaml:5 phases[0].include: review has 2 faults, the first: .pawl/loops/review.yaml:2 phases: expected at least one phase',
    ]);
  });

  it('inputs: missing, unknown, of another type', async () => {
    const part = `${loopText('part', 'x')}inputs:\n  goal: { type: string, required: true }\n  most: { type: number, default: 1 }\n`;
    const a = 'loop: a\nphases:\n  - include: part\n    with:\n      gaol: 1\n      most: "\'x\'"\n';
    expect(await faultIn({ a, part }, 'a')).toEqual([
      '.pawl/loops/a.yaml:4 phases[0].with.goal: expected a value, because part cannot do without',
      '.pawl/loops/a.yaml:5 phases[0].with.gaol: part has no such input: expected one of goal, most',
      '.pawl/loops/a.yaml:6 phases[0].with.most: expected number, got "x"',
    ]);
  });

  it('ids that are there already', async () => {
    const part = loopText('part', 'x');
    expect(await faultIn({ a: including('a', 'part', 'part'), part }, 'a')).toEqual([
      '.pawl/loops/a.yaml:6 phases[1].include: expected another as: there is a phase part-a already',
    ]);
  });

  it('checks and agents that the repository does not have', async () => {
    const part = loopText('part', 'x', 'agent: mine, repeat: { most: 2, until: { checks: [test] } }');
    expect(await faultIn({ a: including('a', 'part'), part }, 'a')).toEqual([
      expect.stringMatching(
        /^\.pawl\/loops\/a\.yaml:5 phases\[0\]\.include: part-b\.agent: there is no agent mine: /,
      ),
      expect.stringMatching(
        /^\.pawl\/loops\/a\.yaml:5 phases\[0\]\.include: part-b\.repeat: there is no check test: /,
      ),
    ]);
  });

  it('a part of its own that stands after an include, at its own place', async () => {
    const long = including('long', 'two').concat('  - id: own\n    skills: [{ id: own, agent: gone }]\n');
    const two = `${loopText('two', 'x')}  - id: c\n    skills: [{ id: d, manual: true }]\n`;
    expect(await faultIn({ long, two }, 'long')).toEqual([
      expect.stringMatching(
        /^\.pawl\/loops\/long\.yaml:7 phases\[1\]\.skills\[0\]\.agent: there is no agent gone/,
      ),
    ]);
  });
});

describe('a text that is in no file yet', () => {
  it('is checked with the loops that are there, and for its own the others count', async () => {
    const repository = newRepository({
      '.pawl/loops/a.yaml': loopText('a', 'a'),
      '.pawl/loops/b.yaml': including('b', 'a'),
    });
    const loops = createLoops(homeWith(), at(repository));
    expect((await loops.check('new.yaml', including('new', 'b'))).read).toMatchObject({
      ok: true,
      includes: [{ file: '.pawl/loops/a.yaml' }, { file: '.pawl/loops/b.yaml' }],
    });
    expect(faultsOf(await loops.check('a.yaml', including('a', 'b')))).toEqual([
      'a.yaml:5 phases[0].include: a → b → a: a loop cannot be part of itself',
    ]);
  });
});

it('files that include each other in every way are read in a moment', { timeout: 20_000 }, async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `l${index}`);
  const part = (id: string, index: number) =>
    including(id, ...ids.slice(Math.max(0, index - 40), index), ...(index === 0 ? ['review'] : []));
  const ring = (id: string, index: number) =>
    including(`r${id}`, ...ids.slice(0, 40).map((_, one) => `rl${(index + one + 1) % ids.length}`));
  const home = homeWith(
    Object.fromEntries(
      ids.flatMap((id, index) => [
        [`loops/${id}.yaml`, part(id, index)],
        [`loops/r${id}.yaml`, ring(id, index)],
      ]),
    ),
  );
  const all = await createLoops(home, undefined).all();
  expect(all.filter(({ read }) => read.ok).length).toBeGreaterThan(4);
  expect(faultsOf(all.find(({ id }) => id === 'l30') ?? expect.fail('no l30'))[0]).toContain(
    'expected at most 50 phases',
  );
});
