/** What the CLI says when something is wrong, to people and programs, and its exit codes. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';

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

  it('of arguments that are no UTF-8 come before anything is sent', async () => {
    expect(await pawl(['create', 'bad\uFFFDbytes'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected arguments in UTF-8, got other bytes in number 2'),
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
    [['approve', 'a', '--gate', 'check'], 'expected the id of a gate, such as approval-2'],
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
