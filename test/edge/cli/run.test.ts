/** `pawl run`: what the engine is asked for, what people and programs read, and the exit code of every end. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { TaskState } from '../../../src/domain/task-state.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';
import { approval, FAILED, HAPPY, state } from './states.ts';

const happy = () => fakeEngine({ new: Object.values(HAPPY) });

const inputOf = (fake: ReturnType<typeof fakeEngine>, name: string) =>
  fake.calls.find((call) => call.name === name)?.input;

describe('what is asked of the engine', () => {
  it('is the whole command line', async () => {
    const fake = happy();
    const args = [
      'run',
      'Fix the login',
      '--repo',
      '../other',
      '--base',
      'dev',
      '--agent',
      'mine',
      '--id',
      'my-id',
    ];
    const checks = ['--check', 'npm test', '--check', `node -e 'process.exit(0)'`, '--setup', 'npm ci'];
    await pawl([...args, ...checks, '--agent-command', 'biome lint --write', '--yes'], { fake });
    expect(inputOf(fake, 'run')).toEqual({
      id: 'my-id',
      requirement: 'Fix the login',
      repository: '/home/ann/other',
      base: 'dev',
      agent: { name: 'mine', command: ['biome', 'lint', '--write'] },
      checks: [
        { name: 'npm test', run: ['npm', 'test'] },
        { name: `node -e 'process.exit(0)'`, run: ['node', '-e', 'process.exit(0)'] },
      ],
      setup: ['npm', 'ci'],
    });
  });

  it('says how urgent it is, in a word that there is', async () => {
    const fake = happy();
    await pawl(['run', 'Fix the login', '--priority', 'high'], { fake });
    expect(inputOf(fake, 'run')).toMatchObject({ priority: 'high' });
    const refused = await pawl(['run', 'Fix the login', '--priority', 'urgent'], { fake: happy() });
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/low, normal, high, critical/) });
  });

  it('is little when little is said', async () => {
    const fake = happy();
    await pawl(['run', 'Fix the login!'], { fake });
    expect(inputOf(fake, 'run')).toEqual({
      id: 'fix-the-login-7f3k',
      requirement: 'Fix the login!',
      repository: '/home/ann/shop',
    });
  });

  it('is whatever text stands on stdin', async () => {
    const fake = happy();
    const text = `-rf \`rm\` $(x)\n"';|&\0 ${'ü'.repeat(1_000_000)}`;
    expect((await pawl(['run', '-', '--id', 'a'], { fake, readInput: async () => text })).code).toBe(3);
    expect(inputOf(fake, 'run')).toMatchObject({ requirement: text });
  });

  it('is a text that looks like a flag, after --', async () => {
    const fake = happy();
    expect((await pawl(['run', '--id', 'a', '--', '--json is broken'], { fake })).code).toBe(3);
    expect(inputOf(fake, 'run')).toMatchObject({ requirement: '--json is broken' });
  });

  it('has an id made of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const fake = happy();
        const { code } = await pawl(['run', '--', text], { fake });
        expect(code).toBe(text === '-' || text.trim() !== '' ? 3 : 2);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the end', () => {
  it('is 0 when merged, told line by line', async () => {
    const { code, out, err } = await pawl(['run', 'Fix the login', '--yes', '--id', 'fix-login'], {
      fake: happy(),
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.trimEnd())).toEqual([
      '● Fix the login                                         shop · agent command · task fix-login',
      '  ✔ workspace     pawl/fix-login from main@aaaaaaa                          0.0 s',
      '  ✔ attempt 1     linter --write: 3 files changed                           0.0 s',
      '  ✔ check         npm test @ 9d01c2e: 12 passed                             1.1 s',
      '  ✔ pull request  #1  +14 -9 in 3 files',
      '  ? approval      evidence 1 of 1 for 9d01c2e',
      '  ✔ approval      approved by ann via cli',
      '  ✔ merged        main@77aa0c1                                              total 0.0 s',
      '',
    ]);
  });

  it('is 1 when failed, with the failing output', async () => {
    const { code, out } = await pawl(['run', 'Fix', '--id', 'a'], {
      fake: fakeEngine({ new: [HAPPY.pending, FAILED] }),
    });
    expect(code).toBe(1);
    expect(out).toContain('✖ check         npm test @ 9d01c2e: exited with 1');
    expect(out).toContain('✖ failed        check failed: npm test exited with 1');
    expect(out).toContain('\nnot ok 1 - sums\n');
  });

  it('is 1 when cancelled', async () => {
    const fake = fakeEngine({ new: [state({ status: 'cancelled' })] });
    expect((await pawl(['run', 'Fix', '--id', 'a'], { fake })).code).toBe(1);
  });

  it('is 3 where nobody can be asked', async () => {
    const fake = happy();
    const { code, out } = await pawl(['run', 'Fix', '--id', 'a'], { fake });
    expect(code).toBe(3);
    expect(out).toContain('pawl approve a');
    expect(fake.calls.map(({ name }) => name)).toEqual(['run']);
  });

  it('is 3 at an escalation, also with --yes', async () => {
    const gates = [approval({ gate: 'escalation', question: 'out of rungs' })];
    const fake = fakeEngine({ new: [state({ status: 'awaiting_gate', gates })] });
    const { code, out } = await pawl(['run', 'Fix', '--id', 'a', '--yes'], { fake });
    expect(code).toBe(3);
    expect(out).toContain('pawl retry a');
    expect(fake.calls.map(({ name }) => name)).toEqual(['run']);
  });

  it('is 130 on Ctrl-C, and the task goes on', async () => {
    const interrupt = new AbortController();
    const fake = happy();
    const choose = async () => {
      interrupt.abort();
      return undefined;
    };
    const { code, err } = await pawl(['run', 'Fix', '--id', 'a'], {
      fake,
      interactive: true,
      signal: interrupt.signal,
      choose,
    });
    expect(code).toBe(130);
    expect(err).toContain('task a goes on without you: pawl show a');
    expect(fake.calls.map(({ name }) => name)).toEqual(['run']);
  });

  it('is the error of the engine in one line', async () => {
    const fails = new PawlError('precondition', '/x is not a git\nrepository: run git init');
    const fake = fakeEngine({}, { run: () => Promise.reject(fails) });
    expect(await pawl(['run', 'Fix'], { fake })).toMatchObject({
      code: 2,
      err: 'pawl: /x is not a git repository: run git init\n',
      out: '',
    });
    const asJson = await pawl(['run', 'Fix', '--json'], { fake });
    expect(asJson.documents).toEqual([{ error: { code: 'precondition', message: fails.message } }]);
  });

  it('of a bug is one line, too', async () => {
    const fake = fakeEngine({}, { run: () => Promise.reject(new TypeError('x is undefined')) });
    const { code, err } = await pawl(['run', 'Fix'], { fake });
    expect({ code, err }).toEqual({
      code: 1,
      err: "pawl: internal error, a bug of Pawl's: details are in /home/ann/cli.log\n",
    });
  });
});

describe('--json', () => {
  it('ends with the task on one line and tells people on stderr', async () => {
    const { code, documents, err } = await pawl(['run', 'Fix', '--id', 'a', '--yes', '--json'], {
      fake: happy(),
    });
    expect(code).toBe(0);
    expect(documents).toHaveLength(Object.keys(HAPPY).length);
    expect(documents.at(-1)).toEqual({ task: { ...HAPPY.merged, id: 'a' } });
    for (const document of documents) TaskState.parse((document as { task: unknown }).task);
    expect(err).toContain('✔ merged');
  });

  it('never asks', async () => {
    const choose = () => Promise.reject(new Error('asked'));
    expect(
      (await pawl(['run', 'Fix', '--id', 'a', '--json'], { fake: happy(), interactive: true, choose })).code,
    ).toBe(3);
  });
});

it.each([
  [['run'], 'requirement: expected what should be done'],
  [['run', 'a', 'b'], 'too many arguments'],
  [['run', '--not-a-flag'], "unknown option '--not-a-flag'"],
  [['run', '- [ ] do'], 'comes after "--"'],
  [['run', 'a', '--check', 'a && b'], "write sh -c '…' to use one"],
  [['run', 'a', '--check', '"open'], 'a quote that is not closed'],
  [['run', 'a', '--id', 'Not An Id'], 'expected 1 to 63 lower-case letters'],
  [['run', '  '], 'requirement'],
])('refuses %j', async (args, words) => {
  const fake = fakeEngine();
  const { code, err, out } = await pawl(args, { fake });
  expect(code).toBe(2);
  expect(err).toMatch(/^pawl: /);
  expect(err).toContain(words);
  expect(out).toBe('');
  expect(fake.calls).toEqual([]);
});
