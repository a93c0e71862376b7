/** A shell that asks an engine elsewhere: nothing of its own home, PATH or keys decides what an operation means. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/client.ts';
import { createCli } from '../../src/edge/cli/cli.ts';
import { createProgram } from '../../src/edge/cli/program.ts';
import { createTelling } from '../../src/edge/cli/telling.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { worldOf } from '../edge/cli/fakes.ts';
import { startMcp } from './mcp-rig.ts';
import { by, check, type EngineRig, lastDocument, quoted, startRig } from './rig.ts';

let engine: EngineRig;
let settings: Record<string, string>;
beforeAll(async () => {
  engine = await startRig();
  settings = {
    PAWL_HOME: join(engine.home, 'nothing-here'),
    PAWL_URL: engine.endpoints.api,
    PAWL_TOKEN: tokenOf(engine.home),
  };
});
afterAll(() => engine.close());

/** The arguments of a command that needs some. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['show', 'logs', 'diff', 'retry', 'cancel', 'archive', 'remove', 'claim', 'approve'].map((name) => [
      name,
      ['notes'],
    ]),
  ),
  run: ['Do it', '--repo', newRepository()],
  tell: ['notes', 'go on'],
  artifact: [`sha256:${'0'.repeat(64)}`],
  upload: [import.meta.filename],
  reject: ['notes', '--reason', 'no'],
  create: ['Title'],
  update: ['notes', '--note', 'x'],
  complete: ['notes', '--summary', 'x', '--file', import.meta.filename],
  forget: ['session-0123456789abcdef'],
  execution: ['list'],
  loops: ['list'],
  answer: ['0'.repeat(64), `sha256:${'0'.repeat(64)}`],
};

const far = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  engine.pawl(args, { env: { ...settings, ...env } });

describe('a shell with PAWL_URL', () => {
  it('plans, reports, lists and shows tasks of that engine, and starts none of its own', async () => {
    expect(await far(['create', 'Write the notes', '--id', 'notes', '--json'])).toMatchObject({ code: 0 });
    expect(await far(['update', 'notes', '--note', 'from afar'])).toMatchObject({ code: 0 });
    expect(lastDocument((await far(['show', 'notes', '--json'])).out)).toMatchObject({
      task: { id: 'notes', notes: ['from afar'] },
    });
    expect((await engine.api.show({ id: 'notes' })).notes).toEqual(['from afar']);
    expect((await far(['list'])).out).toContain('notes');
    expect(existsSync(settings.PAWL_HOME ?? '')).toBe(false);
  });

  it('runs an agent of that engine to its merge', async () => {
    const { agent } = by('writes', 'a.txt', 'a');
    const run = await far([
      ...['run', 'Write a.txt', '--repo', newRepository(), '--id', 'far', '--yes', '--json'],
      ...['--agent-command', quoted(agent.command), '--check', quoted(check('0').run)],
    ]);
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: expect.any(String) });
    expect(lastDocument(run.out)).toMatchObject({ task: { id: 'far', status: 'completed' } });
  });

  /** Of the host of the engine, or of its user. */
  const REFUSED = [
    ...[
      ['up', '-d'],
      ['up'],
      ['ensure'],
      ['down'],
      ['start'],
      ['init'],
      ['token'],
      ['token', '--scope', 'read'],
    ],
    ['shell', 'notes'],
    ...[
      ['mcp', 'install', 'codex'],
      ['mcp', 'install', 'codex', '--dry-run', '--force'],
      ['hook', 'install', 'claude', '--force'],
      ['loops', 'new', 'release'],
    ],
  ];
  it.each(REFUSED)('refuses %s %s %s %s', async (...given) => {
    const args = given.filter((word) => typeof word === 'string');
    const { code, err } = await far(args, { HOME: engine.home });
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('PAWL_URL names an engine elsewhere'),
    });
    expect(existsSync(join(engine.home, '.codex'))).toBe(false);
    expect(existsSync(join(engine.home, '.claude'))).toBe(false);
    expect(existsSync(settings.PAWL_HOME ?? '')).toBe(false);
  });

  it('asks that engine with every other command', async () => {
    const { commands } = createProgram(
      createCli(worldOf(), createTelling(worldOf(), false), () => undefined),
    );
    const refused = new Set(REFUSED.map(([name]) => name).filter((name) => name !== 'loops'));
    const others = commands.map((command) => command.name()).filter((name) => !refused.has(name));
    // `help` is no call; below `mcp` and `token` stand some that are, see the tests of adapters and tokens.
    const called = others.filter((name) => name !== 'help');
    expect(called.length).toBeGreaterThan(20);
    const nobody = { PAWL_URL: 'http://127.0.0.1:1' };
    await Promise.all(
      called.map(async (name) => {
        const { code, err } = await far([name, ...(WORDS[name] ?? [])], nobody);
        expect({ name, code, err }).toEqual({
          name,
          code: expect.any(Number),
          err: expect.stringMatching(/127\.0\.0\.1:1 cannot be reached/),
        });
        expect(code).not.toBe(0);
      }),
    );
    expect(existsSync(settings.PAWL_HOME ?? '')).toBe(false);
  });

  it.each([
    ['no token', { PAWL_TOKEN: '' }, /PAWL_TOKEN: expected a token of the engine/],
    ['two tokens', { PAWL_TOKEN: `${'x'.repeat(43)}\n${'x'.repeat(43)}` }, /PAWL_TOKEN: expected a token/],
    ['a token of nobody', { PAWL_TOKEN: 'x'.repeat(43) }, /the token is not one of this engine/],
    ['no address', { PAWL_URL: 'engine' }, /PAWL_URL: expected the address of an engine/],
    ['an address with a path', { PAWL_URL: 'http://127.0.0.1:1/api' }, /PAWL_URL: expected/],
    ['another protocol', { PAWL_URL: 'ftp://127.0.0.1' }, /PAWL_URL: expected/],
    ['nobody there', { PAWL_URL: 'http://127.0.0.1:1' }, /cannot be reached .*: is it up on its host/],
  ])('with %s says so, and does nothing', async (_, env, words) => {
    const { code, err } = await far(['list'], env);
    expect(code).not.toBe(0);
    expect(err).toMatch(words);
    expect(err).not.toContain('    at ');
    expect(err).not.toContain('x'.repeat(43));
    expect(existsSync(settings.PAWL_HOME ?? '')).toBe(false);
  });
});

it('a script and the adapter of an AI client ask that engine as well', async () => {
  const pawl = await connect(settings);
  expect(await pawl.show({ id: 'notes' })).toMatchObject({ id: 'notes' });
  await pawl.close();
  const adapter = await startMcp(settings.PAWL_HOME ?? '', engine.home, [], settings);
  expect(await adapter.ok('show', { id: 'notes' })).toMatchObject({ id: 'notes' });
  await adapter.close();
});
