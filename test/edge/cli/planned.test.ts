/** What a person reads of tasks that clients work on: their plan, their results, and that there is more of them. */
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../src/domain/artifact-address.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import type { Screen } from '../../../src/edge/cli/world.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';
import { DIGEST, state } from './states.ts';

const PLANNED = state({
  kind: 'client_driven',
  description: 'First line\n\u001b[2Jsecond line\n',
  status: 'in_progress',
  progress: 0.255,
  plan: {
    session: 'session-0123456789abcdef',
    parent: 'whole' as never,
    dependencies: ['before' as never],
    type: 'review',
    effort: '2 hours',
    due: '2026-12-31',
  },
  dependants: ['later'],
  artifacts: [
    'https://example.org/notes',
    addressOf({ digest: DIGEST, type: 'code', bytes: 11, name: 'src/ä.ts' }),
  ],
});

it('show tells the plan and the results', async () => {
  const { out } = await pawl(['show', 'a'], { fake: fakeEngine({ a: [PLANNED] }) });
  expect(
    out
      .split('\n')
      .slice(1)
      .map((line) => line.trim()),
  ).toEqual([
    'First line',
    'second line',
    'session       session-0123456789abcdef',
    'part of       whole',
    'plan          review · 2 hours · due 2026-12-31',
    'after         before',
    'before        later',
    'progress      26 %',
    'artifact      https://example.org/notes',
    `artifact      ${DIGEST} code, 11 bytes, src/ä.ts`,
    'status: in_progress',
    '',
  ]);
});

describe('list', () => {
  const page = (count: number, total: number) => {
    const fake = fakeEngine({ a: [PLANNED] });
    return {
      ...fake,
      list: async () => ({ tasks: (await fake.list({} as never)).tasks.slice(0, count), total }),
    };
  };
  it('says how many more there are', async () => {
    const { out } = await pawl(['list', '--limit', '1', '--offset', '2'], { fake: page(1, 10) });
    expect(out).toMatch(/^a {2}in_progress .*\nand 7 more: --limit and --offset show them\n$/);
    expect((await pawl(['list'], { fake: page(1, 1) })).out).not.toContain('more');
  });
  it.each([
    [[], 'no tasks: pawl run "…" starts one\n'],
    [['--limit', '5'], 'no tasks: pawl run "…" starts one\n'],
    [['--archived'], 'no such tasks\n'],
    [['--status', 'failed'], 'no such tasks\n'],
    [['--repo', '.'], 'no such tasks\n'],
  ])('of nothing, with %j', async (options, out) => {
    expect(await pawl(['list', ...options], { fake: page(0, 0) })).toMatchObject({ code: 0, out });
  });
});

describe('artifact', () => {
  const bytes = Buffer.from([0x00, 0xff, 0x0a, 0x1b, 0x80, 0x0a]);
  const inParts = (whole: Buffer) => {
    const calls: number[] = [];
    const fake = fakeEngine(
      {},
      {
        artifact: async ({ digest, offset }) => {
          calls.push(offset);
          const content = whole.subarray(offset, offset + 4).toString('base64');
          return {
            digest,
            bytes: whole.length,
            content,
            next: offset + 4 < whole.length ? offset + 4 : null,
          };
        },
      },
    );
    return { fake, calls };
  };
  const screen = (written: Buffer[], live?: Screen['live']): Screen => ({
    write: (text) => void written.push(Buffer.from(text)),
    columns: 80,
    colours: false,
    live,
  });
  const terminal = { set: () => undefined, clear: () => undefined };

  it('goes into a pipe as its bytes are', async () => {
    const written: Buffer[] = [];
    const { fake, calls } = inParts(bytes);
    expect(await pawl(['artifact', DIGEST], { fake, out: screen(written) })).toMatchObject({ code: 0 });
    expect(Buffer.concat(written)).toEqual(bytes);
    expect(calls).toEqual([0, 4]);
  });
  it.each([
    [bytes, '6 bytes that are no text\n'],
    [Buffer.from('ä\u001b[2Jb\n'), 'äb\n'],
  ])('moves no cursor of a terminal: %#', async (whole, told) => {
    const written: Buffer[] = [];
    await pawl(['artifact', DIGEST], { fake: inParts(whole).fake, out: screen(written, terminal) });
    expect(Buffer.concat(written).toString('utf8')).toBe(told);
  });
  it('is a part with where it goes on, for programs', async () => {
    const { fake, calls } = inParts(bytes);
    const { documents } = await pawl(['artifact', DIGEST, '--json', '--offset', '1'], { fake });
    expect(documents).toEqual([
      { digest: DIGEST, bytes: 6, content: bytes.subarray(1, 5).toString('base64'), next: 5 },
    ]);
    expect(calls).toEqual([1]);
  });
});

it('a claim says from whom it was taken', async () => {
  const fake = fakeEngine(
    { a: [PLANNED] },
    {
      claim: async () => ({
        id: TaskId.parse('a'),
        status: 'in_progress',
        attemptToken: 't',
        takenFrom: 'be\nn',
      }),
    },
  );
  const { out } = await pawl(['claim', 'a'], { fake });
  expect(out).toBe('task a is yours, taken from be n: report with --attempt-token t\n');
});

it('a claim says how to report under it', async () => {
  const { out } = await pawl(['claim', 'a'], { fake: fakeEngine({ a: [PLANNED] }) });
  expect(out).toBe('task a is yours: report with --attempt-token token\n');
});
