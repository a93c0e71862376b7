/** `pawl loops`: what is listed, drawn, checked and begun. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';

it.each([
  [['loops', 'list'], 'loops', { repository: '/home/ann/shop' }],
  [['loops', 'show', 'feature'], 'loop', { loop: 'feature', repository: '/home/ann/shop' }],
  [
    ['loops', 'list', '--repo', 'sub', '--base', 'main'],
    'loops',
    { repository: '/home/ann/shop/sub', base: 'main' },
  ],
  [['loops', 'show', 'feature', '--repo', '.'], 'loop', { loop: 'feature', repository: '/home/ann/shop' }],
  [
    ['loops', 'check', 'sub/x.yaml'],
    'checkLoop',
    { text: 'hi', file: 'sub/x.yaml', repository: '/home/ann/shop/sub', uncommitted: true },
  ],
  [
    ['loops', 'check', '-', '--repo', 'other'],
    'checkLoop',
    { text: 'from stdin', file: 'loop.yaml', repository: '/home/ann/shop/other', uncommitted: true },
  ],
  [
    ['loops', 'check', '-', '--base', 'main'],
    'checkLoop',
    { text: 'from stdin', file: 'loop.yaml', repository: '/home/ann/shop', base: 'main' },
  ],
])('%j asks the engine', async (args, name, input) => {
  const fake = fakeEngine();
  const { documents } = await pawl([...args, '--json'], { fake });
  expect(fake.calls).toEqual([{ name, input }]);
  expect(documents).toHaveLength(1);
});

it.each([
  [
    'is none',
    { inspectRepository: async () => Promise.reject(new PawlError('precondition', 'no repository')) },
  ],
  ['is not that of the engine', { isElsewhere: () => true }],
])('asks for no repository where the one around the folder %s', async (_, world) => {
  const fake = fakeEngine();
  await pawl(['loops', 'list', '--json'], { fake, ...world });
  expect(fake.calls).toEqual([{ name: 'loops', input: {} }]);
});

it('list says where each is from, what it hides and what is wrong with it', async () => {
  const { out, code } = await pawl(['loops', 'list']);
  expect(code).toBe(0);
  expect(out).toBe(
    [
      'feature        Of ordinary size',
      '  .pawl/loops/feature.yaml, hides built-in/feature.yaml',
      'odd',
      '  .pawl/loops/odd.yaml',
      '  ✖ .pawl/loops/odd.yaml:3 phases[0].skills[0].when: there is no skill plam',
      '',
    ].join('\n'),
  );
});

it('show draws the plan with its bounds, and nothing in it moves the cursor', async () => {
  const { out } = await pawl(['loops', 'show', 'feature']);
  expect(out).toBe(`feature  Of ordinary size
  Plan, then build.
  from     .pawl/loops/feature.yaml, sha256:${'b'.repeat(64)}, includes /home/ann/.pawl/loops/quality.yaml, hides built-in/feature.yaml
  inputs   goal: string, required (What for)
           size: enum(s, l), default "s"
  guides   write-plan in .pawl/skills/write-plan
  checks   test: npm test
  at most  12 USD, 6h by the clock, 30 runs of agents, 1 approval

plan
  ● plan              agent claude, then codex, with the set-up of its user, what it changes is discarded
                      when inputs.size == 's'
                      for each lens in a, b; 2 at once; completed when all have ended, also where some failed
                      with files = inputs.files
                      guides write-plan
                      returns risk: enum(low, high)
                      at most 3 rounds, until checks pass: all
                      guarantees at least 1 file in src/**
                      after 10m without a sign of life or 1h in all: failed
                      budget usd 2
                      at most 12 runs
  ? right             Is this right?
                      approval by 1, not the requester
                      when plan.risk == 'high'
                      refused: back to plan, at most 1 time
                      expires after 3d
  ✔ checked           check by the engine (not required)
                      checks pass: all
                      passes if a.b == 1
`);
});

describe('check', () => {
  it('says which files it was checked with', async () => {
    expect((await pawl(['loops', 'check', 'x.yaml'])).err).toContain(
      'checked with the files of /home/ann/shop as they stand, committed or not: a start reads those of a commit',
    );
    expect((await pawl(['loops', 'check', 'x.yaml', '--base', 'main'])).err).toBe('');
    const inspectRepository = async () => Promise.reject(new PawlError('precondition', 'no repository here'));
    const fake = fakeEngine();
    const { err } = await pawl(['loops', 'check', 'x.yaml'], { fake, inspectRepository });
    expect(err).toContain(
      'checked without a repository, so without its checks, agents, guides and loops: no repository here',
    );
    expect(fake.calls).toEqual([{ name: 'checkLoop', input: { text: 'hi', file: 'x.yaml' } }]);
  });

  it('tells every fault and fails', async () => {
    const { out, code } = await pawl(['loops', 'check', 'x.yaml']);
    expect({ out, code }).toEqual({
      out: 'x.yaml:3 phases[0].skills[0].when: there is no skill plam\n',
      code: 1,
    });
    expect(await pawl(['loops', 'check', 'x.yaml', '--json'])).toMatchObject({
      code: 1,
      documents: [{ valid: false }],
    });
  });

  it('says of a good one what pins it', async () => {
    const readFile = async () => Buffer.from('good');
    expect(await pawl(['loops', 'check', 'x.yaml'], { readFile })).toMatchObject({
      code: 0,
      out: `feature is a loop: sha256:${'b'.repeat(64)}\n`,
    });
  });

  it('sends no bytes that are no text', async () => {
    const fake = fakeEngine();
    const readFile = async () => Buffer.from([0xff, 0xfe]);
    const { code, err } = await pawl(['loops', 'check', 'x.yaml'], { readFile, fake });
    expect([code, err, fake.calls]).toEqual([
      2,
      expect.stringContaining('x.yaml: expected text in UTF-8'),
      [],
    ]);
  });
});

describe('new', () => {
  it('writes the loop, and says what comes next', async () => {
    const written: unknown[] = [];
    const writeLoop = async (...args: unknown[]) => void written.push(args);
    const { out, err, code } = await pawl(['loops', 'new', 'release', '--from', 'feature'], { writeLoop });
    const path = '/home/ann/shop/.pawl/loops/release.yaml';
    expect([code, out]).toEqual([0, `${path}\n`]);
    expect(err).toContain('commit it');
    expect(written).toEqual([
      [{ repository: '/home/ann/shop', path, text: 'loop: release\n# from feature\n' }, false],
    ]);
  });

  it('--print writes nothing, --force overwrites', async () => {
    const forced: boolean[] = [];
    const writeLoop = async (_: unknown, overwrite: boolean) => void forced.push(overwrite);
    const printed = await pawl(['loops', 'new', 'release', '--print'], { writeLoop });
    expect(printed.out).toContain('loop: release');
    await pawl(['loops', 'new', 'release', '--force'], { writeLoop });
    expect(forced).toEqual([true]);
  });
});
