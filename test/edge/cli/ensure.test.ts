/** `pawl ensure`, for people and scripts, and as the hook of an AI client: what is told, and whether a call goes on. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import type { CliWorld } from '../../../src/edge/cli/world.ts';
import { ENDPOINTS, pawl } from './fakes.ts';

/** Starts engines, and writes down how it was asked to. */
function starting() {
  const asked: unknown[] = [];
  const background: CliWorld['background'] = async (how, notice) => {
    asked.push(how);
    notice('starting an engine');
    return { endpoints: ENDPOINTS, started: asked.length === 1 };
  };
  return { asked, background };
}
const never = () => new Promise<never>(() => undefined);

it('finds the engine or starts one, wherever a port is free', async () => {
  const { asked, background } = starting();
  expect((await pawl(['ensure'], { background })).out).toContain('the engine runs');
  expect((await pawl(['ensure', '--json'], { background })).documents).toEqual([
    { ...ENDPOINTS, started: false },
  ]);
  expect(asked).toEqual([{ anyPort: true }, { anyPort: true }]);
});

it('waits no longer than it is told to', async () => {
  const { code, err } = await pawl(['ensure', '--within', '1'], { background: never });
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('does not answer after 1 s') });
});

it('names an engine that holds the home and is silent for that long, and what helps', async () => {
  const parts = { background: never, running: async () => ENDPOINTS };
  for (const args of [[], ['--hook']])
    expect(await pawl(['ensure', '--within', '1', ...args], parts)).toMatchObject({
      ...{ code: 1, out: '' },
      err: 'pawl: the engine (pid 4711) holds this home and does not answer: `pawl down` ends it, then `pawl up -d` starts it again\n',
    });
});

describe('as a hook', () => {
  const URL = 'http://127.0.0.1:8100/mcp?toolset=core,loop';

  it('prints nothing where the engine answers', async () => {
    const asked: unknown[] = [];
    const background: CliWorld['background'] = async (how) => {
      asked.push(how);
      return { endpoints: ENDPOINTS, started: false };
    };
    for (const args of [[], ['--url', URL], ['--url', 'http://localhost:8100/mcp']])
      expect(await pawl(['ensure', '--hook', ...args], { background })).toMatchObject({
        ...{ code: 0, out: '', err: '' },
      });
    expect(asked).toEqual([{ anyPort: true }, { port: 8100 }, { port: 8100 }]);
  });

  it('starts it where it does not run', async () => {
    const { asked, background } = starting();
    expect(await pawl(['ensure', '--hook'], { background })).toMatchObject({ code: 0, out: '' });
    expect(await pawl(['ensure', '--hook', '--url', URL], { background })).toMatchObject({
      code: 0,
      out: '',
    });
    expect(asked).toEqual([{ anyPort: true }, { port: 8100 }]);
  });

  const refusing = (error: Error): Partial<CliWorld> => ({ background: () => Promise.reject(error) });
  it.each<[string, Partial<CliWorld>, string]>([
    ['the engine does not start', refusing(new PawlError('unavailable', 'no room')), 'pawl: no room\n'],
    [
      'a setting is wrong, which is 2 elsewhere',
      {
        isElsewhere: () => {
          throw new PawlError('invalid_input', 'PAWL_PORT: x');
        },
      },
      'pawl: PAWL_PORT: x\n',
    ],
    ['it takes too long', { background: never }, 'does not answer after 1 s'],
  ])(
    'says why where %s: a call goes on to `pawl mcp`, and is kept back from an address',
    async (_, parts, words) => {
      const args = ['ensure', '--hook', '--within', '1'];
      const said = { out: '', err: expect.stringContaining(words) };
      expect(await pawl(args, parts)).toMatchObject({ code: 1, ...said });
      expect(await pawl([...args, '--url', URL], parts)).toMatchObject({ code: 2, ...said });
    },
  );

  it('keeps a call back from an address where this engine is not', async () => {
    const endpoints = { ...ENDPOINTS, api: 'http://127.0.0.1:40123' };
    const background: CliWorld['background'] = async () => ({ endpoints, started: false });
    const { code, out, err } = await pawl(['ensure', '--hook', '--url', URL], { background });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain("--url 'http://127.0.0.1:40123/mcp?toolset=core,loop'");
  });

  it('leaves an engine elsewhere to its host', async () => {
    const parts = { isElsewhere: () => true, running: never, background: never };
    expect(await pawl(['ensure', '--hook'], parts)).toMatchObject({ code: 0, out: '', err: '' });
  });

  it('ends when its input was read, and no later than it may', async () => {
    const read: string[] = [];
    const discardInput = async () => {
      await Promise.resolve();
      read.push('all');
    };
    await pawl(['ensure', '--hook'], { discardInput, ...refusing(new PawlError('unavailable', 'no')) });
    expect(read).toEqual(['all']);
  });

  it('leaves a bug to be told as one', async () => {
    const { code, err } = await pawl(['ensure', '--hook'], refusing(new TypeError('x')));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('a bug of Pawl') });
  });
});

it('an address that is none is wrong use', async () => {
  expect(await pawl(['ensure', '--hook', '--url', 'nowhere'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('expected an address'),
  });
});
