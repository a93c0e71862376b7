/** Every command: what the engine is asked for, what people and programs read, exit codes, help, bad input. */
import { describe, expect, it } from 'vitest';
import { executionOperations } from '../../../src/domain/execution-operations.ts';
import { loopOperations } from '../../../src/domain/loop-operations.ts';
import { operations } from '../../../src/domain/operations.ts';
import { tokenOperations } from '../../../src/domain/token-operations.ts';
import { EXECUTION_WORDS } from './execution-words.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';
import { DIGEST, FAILED, HAPPY } from './states.ts';

const BY_OPTION = ['preview'];
const COMMANDS = [
  ...['start', 'up', 'ensure', 'down', 'init', 'token', 'token create', 'token list', 'token revoke'],
  ...['hook', 'hook install', 'loops', 'loops list', 'loops show', 'loops check', 'loops new', 'execution'],
  ...EXECUTION_WORDS.map((word) => `execution ${word}`),
  ...Object.keys(operations).filter(
    (name) =>
      !BY_OPTION.includes(name) &&
      ![tokenOperations, loopOperations, executionOperations].some((below) => name in below),
  ),
];

/** Each of their ways is a command or option of its own. */
const BY_OTHERS = ['updateExecution', 'decideGate', 'steerExecution', ...BY_OPTION];
const waiting = () => fakeEngine({ 'fix-login': [HAPPY.waiting, HAPPY.merged] });

const SESSION = 'session-0123456789abcdef';
describe('help', () => {
  it.each(COMMANDS)('of %s has examples and --json', async (name) => {
    const { code, out, err } = await pawl([...name.split(' '), '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/Examples:\n {2}(?:pawl|npm)/);
    expect(out).toContain('--json');
  });

  it('lists every operation with its summary', async () => {
    const { out } = await pawl(['--help']);
    const below = await Promise.all(['token', 'loops', 'execution'].map((word) => pawl([word, '--help'])));
    const all = [out, ...below.map((help) => help.out)].join(' ').replaceAll(/\s+/g, ' ');
    for (const [name, { summary }] of Object.entries(operations))
      if (!BY_OTHERS.includes(name)) expect(all).toContain(summary);
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
    [
      ['token', 'create', 'ci', '--scope', 'operate', '--expires', '30d', '--json'],
      'createToken',
      { name: 'ci', scope: 'operate', expires: '30d' },
    ],
    [['token', 'list', '--json'], 'tokens', {}],
    [['token', 'revoke', 'ci', '--json'], 'revokeToken', { name: 'ci' }],
    [['diff', 'fix-login', '--json'], 'diff', { id: 'fix-login' }],
    [['logs', 'fix-login', '--attempt', '1', '--json'], 'logs', { id: 'fix-login', attempt: 1, offset: 0 }],
    [['approve', 'fix-login', '--json'], 'approve', { id: 'fix-login', gate: 'approval', via: 'cli' }],
    [
      ['approve', 'fix-login', '--gate', 'escalation', '--digest', DIGEST, '--json'],
      'approve',
      { id: 'fix-login', gate: 'escalation', via: 'cli', digest: DIGEST },
    ],
    [
      ['approve', 'fix-login', '--gate', 'approval-2', '--json'],
      'approve',
      { id: 'fix-login', gate: 'approval-2', via: 'cli' },
    ],
    [
      ['reject', 'fix-login', '--reason', 'no', '--json'],
      'reject',
      { id: 'fix-login', gate: 'approval', via: 'cli', reason: 'no' },
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
    [['claim', 'fix-login', '--message-id', 'm', '--json'], 'claim', { id: 'fix-login', messageId: 'm' }],
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
  ] as const)('%j', async (args, name, input) => {
    const fake = waiting();
    const { code, documents } = await pawl(args, { fake });
    expect(code).toBe(0);
    expect(fake.calls).toEqual([{ name, input }]);
    expect(documents).toHaveLength(1);
    operations[name].output.parse(documents[0]);
    const inWords = args.filter((one) => one !== '--json');
    const words = await pawl(inWords, { fake: waiting() });
    expect(words).toMatchObject({ code: 0, err: '' });
    expect(words.out).not.toBe('');
    expect(words.out).not.toContain('\u001b[2J');
  });

  it('show tells the story', async () => {
    const { code, out } = await pawl(['show', 'fix-login'], { fake: fakeEngine({ 'fix-login': [FAILED] }) });
    expect(code).toBe(0);
    expect(out).toContain('✖ attempt 2     to mend it: nothing changed: no change');
    expect(out).toContain('status: failed');
    expect(out).toContain('not ok 1 - sums');
    const fake = fakeEngine({ 'fix-login': [FAILED] });
    const asJson = await pawl(['show', 'fix-login', '--json'], { fake });
    expect(asJson.documents).toEqual([{ task: FAILED }]);
  });

  it('lists of nothing say what to do', async () => {
    expect((await pawl(['list'])).out).toContain('pawl run');
    expect((await pawl(['gates'])).out).toBe('nothing waits for a decision\n');
  });
});
