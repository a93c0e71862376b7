/** Every command: what the engine is asked for, what people and programs read, exit codes, help, bad input. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { operations } from '../../../src/domain/operations.ts';
import { fakeEngine, pawl } from './fakes.ts';
import { DIGEST, FAILED, HAPPY } from './states.ts';

const COMMANDS = ['start', 'up', 'down', 'init', ...Object.keys(operations)];
const waiting = () => fakeEngine({ 'fix-login': [HAPPY.waiting, HAPPY.merged] });

const SESSION = 'session-0123456789abcdef';

describe('help', () => {
  it.each(COMMANDS)('of %s has examples and --json', async (name) => {
    const { code, out, err } = await pawl([name, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/Examples:\n {2}(?:pawl|npm)/);
    expect(out).toContain('--json');
  });

  it('lists every operation with its summary', async () => {
    const { out } = await pawl(['--help']);
    for (const { summary } of Object.values(operations))
      expect(out.replaceAll(/\s+/g, ' ')).toContain(summary);
    expect(out).not.toMatch(/^ {2}start/m);
  });

  it('tells the version', async () => {
    expect(await pawl(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n', err: '' });
  });

  it('suggests what may be meant', async () => {
    const { code, err } = await pawl(['lst']);
    expect(code).toBe(2);
    expect(err).toMatch(/^pawl: unknown command 'lst'\n\(Did you mean list\?\)/);
  });

  it('comes when nothing is asked', async () => {
    const { code, out, err } = await pawl([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: pawl');
  });
});

describe('what is asked and answered', () => {
  it.each([
    [['list', '--json'], 'list', { archived: false, limit: 100, offset: 0 }],
    [
      ['list', '--status', 'failed', 'blocked', '--limit', '5', '--json'],
      'list',
      { archived: false, limit: 5, offset: 0, status: ['failed', 'blocked'] },
    ],
    [
      ['list', '--repo', 'sub', '--json'],
      'list',
      { archived: false, limit: 100, offset: 0, repository: '/home/ann/shop/sub' },
    ],
    [['gates', '--json'], 'gates', {}],
    [['diff', 'fix-login', '--json'], 'diff', { id: 'fix-login' }],
    [['logs', 'fix-login', '--attempt', '1', '--json'], 'logs', { id: 'fix-login', attempt: 1, offset: 0 }],
    [
      ['approve', 'fix-login', '--json'],
      'approve',
      { id: 'fix-login', gate: 'approval', by: 'ann', via: 'cli' },
    ],
    [
      ['approve', 'fix-login', '--gate', 'escalation', '--digest', DIGEST, '--json'],
      'approve',
      { id: 'fix-login', gate: 'escalation', by: 'ann', via: 'cli', digest: DIGEST },
    ],
    [
      ['reject', 'fix-login', '--reason', 'no', '--json'],
      'reject',
      { id: 'fix-login', gate: 'approval', by: 'ann', via: 'cli', reason: 'no' },
    ],
    [['retry', 'fix-login', '--json'], 'retry', { id: 'fix-login' }],
    [['cancel', 'fix-login', '--json'], 'cancel', { id: 'fix-login' }],
    [
      ['create', 'Write notes', '--json'],
      'create',
      { id: 'write-notes-7f3k', title: 'Write notes', description: '' },
    ],
    [
      ['create', 'x', '--id', 'n-1', '--description', '-', '--context', '{"a":1}', '--json'],
      'create',
      { id: 'n-1', title: 'x', description: 'from stdin', context: { a: 1 } },
    ],
    [
      [
        'update',
        'fix-login',
        '--status',
        'blocked',
        '--note',
        'the key',
        '--progress',
        '0.5',
        '--message-id',
        'm',
        '--json',
      ],
      'update',
      { id: 'fix-login', status: 'blocked', note: 'the key', progress: 0.5, messageId: 'm' },
    ],
    [
      [
        'complete',
        'fix-login',
        '--summary',
        'done',
        '--artifact',
        'a',
        '--artifact',
        'b',
        '--outcome',
        'failed',
        '--json',
      ],
      'complete',
      { id: 'fix-login', summary: 'done', artifacts: ['a', 'b'], outcome: 'failed' },
    ],
    [
      [
        'list',
        '--session',
        SESSION,
        '--parent',
        'a',
        'b',
        '--text',
        'x',
        '--archived',
        '--offset',
        '3',
        '--json',
      ],
      'list',
      { session: SESSION, parent: ['a', 'b'], text: 'x', archived: true, limit: 100, offset: 3 },
    ],
    [['count', '--session', SESSION, '--json'], 'count', { session: SESSION }],
    [['count', '--json'], 'count', {}],
    [
      [
        'create',
        'x',
        '--id',
        'n-1',
        '--session',
        SESSION,
        '--parent',
        'p',
        '--after',
        'a',
        'b',
        '--type',
        'review',
        '--complexity',
        'simple',
        '--specialist',
        'coder',
        '--effort',
        '1 h',
        '--due',
        '2026-12-31',
        '--json',
      ],
      'create',
      {
        id: 'n-1',
        title: 'x',
        description: '',
        session: SESSION,
        parent: 'p',
        dependencies: ['a', 'b'],
        type: 'review',
        complexity: 'simple',
        specialist: 'coder',
        effort: '1 h',
        due: '2026-12-31',
      },
    ],
    [
      ['claim', 'fix-login', '--message-id', 'm', '--json'],
      'claim',
      { id: 'fix-login', by: 'ann', messageId: 'm' },
    ],
    [['archive', 'fix-login', '--json'], 'archive', { id: 'fix-login' }],
    [['remove', 'fix-login', '--json'], 'remove', { id: 'fix-login' }],
    [['artifact', DIGEST, '--json'], 'artifact', { digest: DIGEST, offset: 0 }],
    [['open', 'sub', '--json'], 'open', { directory: '/home/ann/shop/sub' }],
    [['sessions', '--json'], 'sessions', {}],
    [['forget', SESSION, '--json'], 'forget', { session: SESSION }],
    [['vitals', '--json'], 'vitals', {}],
    [
      ['restart', '--reason', 'error_recovery', '--timeout-seconds', '20', '--json'],
      'restart',
      { reason: 'error_recovery', timeoutSeconds: 20 },
    ],
    [
      ['answer', 'a'.repeat(64), DIGEST, '--answer', '{}', '--json'],
      'answer',
      { key: 'a'.repeat(64), caller: '', request: DIGEST, answer: '{}' },
    ],
  ] as const)('%j', async (args, name, input) => {
    const fake = waiting();
    const { code, documents } = await pawl(args, { fake });
    expect(code).toBe(0);
    expect(fake.calls).toEqual([{ name, input }]);
    expect(documents).toHaveLength(1);
    operations[name].output.parse(documents[0]);
    const words = await pawl(
      args.filter((one) => one !== '--json'),
      { fake: waiting() },
    );
    expect(words).toMatchObject({ code: 0, err: '' });
    expect(words.out).not.toBe('');
    expect(words.out).not.toContain('\u001b[2J');
  });

  it('show tells the story', async () => {
    const { code, out } = await pawl(['show', 'fix-login'], { fake: fakeEngine({ 'fix-login': [FAILED] }) });
    expect(code).toBe(0);
    expect(out).toContain('✖ attempt 2     fix: no_change: no change');
    expect(out).toContain('status: failed');
    expect(out).toContain('not ok 1 - sums');
    const asJson = await pawl(['show', 'fix-login', '--json'], {
      fake: fakeEngine({ 'fix-login': [FAILED] }),
    });
    expect(asJson.documents).toEqual([{ task: FAILED }]);
  });

  it('lists of nothing say what to do', async () => {
    expect((await pawl(['list'])).out).toContain('pawl run');
    expect((await pawl(['gates'])).out).toBe('nothing waits for a decision\n');
  });
});

describe('logs -f', () => {
  const fake = () => {
    const running = { ...HAPPY.working };
    const second = {
      ...HAPPY.merged,
      attempts: [...HAPPY.merged.attempts, { ...HAPPY.merged.attempts[0], number: 2 }],
    };
    const shown = [running, running, running, second];
    const lines: Record<string, string[]> = { '1.0': ['one'], '1.1': ['two'], '2.0': ['three'] };
    return fakeEngine(
      {},
      {
        show: async () => (shown.length > 1 ? shown.shift() : shown[0]) as typeof HAPPY.merged,
        logs: async ({ attempt = 1, offset }) => {
          const texts = lines[`${attempt}.${offset}`] ?? [];
          return {
            attempt,
            offset: offset + texts.length,
            lines: texts.map((text) => ({ t: '2026-01-02T03:04:05.000Z', attempt, type: 'log', text })),
          };
        },
      },
    );
  };

  it('goes on to the last line of the last attempt', async () => {
    const { code, documents } = await pawl(['logs', 'fix-login', '-f', '--json'], { fake: fake() });
    expect(code).toBe(0);
    expect(documents).toMatchObject([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
  });

  it('stays with the attempt that was asked for', async () => {
    const { documents } = await pawl(['logs', 'fix-login', '-f', '--attempt', '1', '--json'], {
      fake: fake(),
    });
    expect(documents).toMatchObject([{ text: 'one' }, { text: 'two' }]);
  });

  it('ends on Ctrl-C', async () => {
    const interrupt = new AbortController();
    const sleep = async () => interrupt.abort();
    const still = fakeEngine({ 'fix-login': [HAPPY.working] });
    expect(
      (await pawl(['logs', 'fix-login', '-f'], { fake: still, signal: interrupt.signal, sleep })).code,
    ).toBe(130);
  });
});

describe('errors', () => {
  it.each([
    ['not_found', 2],
    ['conflict', 1],
    ['precondition', 2],
    ['unavailable', 1],
    ['invalid_input', 2],
  ] as const)('%s exits with %i', async (code, exit) => {
    const engine = () =>
      Promise.reject(new PawlError(code, 'what happened: what to do', { details: [{ line: 3 }] }));
    const ran = await pawl(['list', '--json'], { engine });
    expect(ran).toMatchObject({ code: exit, err: 'pawl: what happened: what to do\n' });
    expect(ran.documents).toEqual([
      { error: { code, message: 'what happened: what to do', details: [{ line: 3 }] } },
    ]);
  });

  it('of an unknown task say how to find the known ones', async () => {
    expect(await pawl(['show', 'nope'])).toMatchObject({
      code: 2,
      err: 'pawl: there is no task nope: `pawl list` shows those there are\n',
    });
  });

  it('of the command line are JSON, too', async () => {
    const { code, documents, err } = await pawl(['reject', 'a', '--json']);
    expect(code).toBe(2);
    expect(err).toMatch(/^pawl: required option '--reason <text>' not specified/);
    expect(documents).toMatchObject([{ error: { code: 'invalid_input' } }]);
  });

  it.each([
    [['list', '--status', 'done'], 'Allowed choices are'],
    [['list', '--limit', '0'], 'expected a whole number from 1 to 1000'],
    [['list', '--limit', '1e2'], 'expected a whole number'],
    [['up', '--port', '70000'], 'expected a whole number from 0 to 65535'],
    [['update', 'a', '--progress', '2'], 'expected a number from 0 to 1'],
    [['create', 'a', '--context', '[1]'], 'expected a JSON object'],
    [['create', 'a', '--context', '{'], 'expected a JSON object'],
    [['create', ''], 'title'],
    [['approve', 'a', '--gate', 'check'], 'Allowed choices are'],
    [['show', '../x'], 'expected 1 to 63 lower-case letters'],
  ])('refuse %j', async (args, words) => {
    const fake = fakeEngine();
    const { code, err } = await pawl(args, { fake });
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(fake.calls).toEqual([]);
  });

  it('Ctrl-C while the engine is waited for exits with 130', async () => {
    const interrupt = new AbortController();
    const engine = () => {
      setImmediate(() => interrupt.abort());
      return new Promise<never>(() => undefined);
    };
    expect(await pawl(['list'], { engine, signal: interrupt.signal })).toMatchObject({
      code: 130,
      out: '',
      err: '',
    });
  });
});

describe('init', () => {
  it('shows and writes the proposal', async () => {
    const written: unknown[] = [];
    const writeProposal = async (...args: unknown[]) => void written.push(args);
    const { code, out, err } = await pawl(['init', '--repo', 'sub'], { writeProposal });
    expect(code).toBe(0);
    expect(out).toBe('checks:\n  - npm test\n');
    expect(err).toContain('wrote /home/ann/shop/sub/pawl.yaml');
    expect(written).toEqual([[expect.objectContaining({ path: '/home/ann/shop/sub/pawl.yaml' }), false]]);
  });

  it('--print writes nothing, --force overwrites', async () => {
    const forced: boolean[] = [];
    const writeProposal = async (_: unknown, overwrite: boolean) => void forced.push(overwrite);
    const { documents } = await pawl(['init', '--print', '--json'], { writeProposal });
    expect(documents).toMatchObject([{ written: false, hasChecks: true, text: 'checks:\n  - npm test\n' }]);
    await pawl(['init', '--force'], { writeProposal });
    expect(forced).toEqual([true]);
  });

  it('says that nothing checks a change', async () => {
    const propose = async () => ({ repository: '/r', path: '/r/pawl.yaml', text: '#\n', hasChecks: false });
    expect((await pawl(['init'], { propose })).err).toContain('unverified');
  });
});
