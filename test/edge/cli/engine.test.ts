/** `start`, `up`, `down` and the sample: which engine is used, which run counts, and the exit code. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import type { TaskState } from '../../../src/domain/task-state.ts';
import { Interrupted } from '../../../src/edge/cli/interrupt.ts';
import type { CliWorld, Sample, Stopped } from '../../../src/edge/cli/world.ts';
import { asked, type FakeEngine, fakeEngine } from './fake-engine.ts';
import { ENDPOINTS, pawl } from './fakes.ts';
import { FAILED, HAPPY, MERGED } from './states.ts';

const sampleWith = (...merged: string[]): Sample => ({
  repository: '/home/ann/sample',
  agent: ['node', 'biome', 'lint', '--write'],
  checks: [{ name: 'npm test', run: ['npm', 'test'] }],
  isMerged: async (commit) => merged.includes(commit),
});

/** A world with one engine in the foreground, which counts its stops. */
function worldWith(fake: FakeEngine, sample: Sample | undefined, signal = new AbortController().signal) {
  const stops: string[] = [];
  const parts: Partial<CliWorld> & { fake: FakeEngine } = {
    fake,
    signal,
    sample: async () => sample,
    foreground: async () => ({
      endpoints: ENDPOINTS,
      engine: asked(fake),
      ended: new Promise(() => undefined),
      stop: async () => void stops.push('stop'),
    }),
  };
  return { parts, stops };
}

const START = ['start', '--exit', '--yes'];
const names = (fake: FakeEngine) => fake.calls.map(({ name }) => name);

describe('start --exit --yes', () => {
  it('runs the sample, approves it and leaves', async () => {
    const fake = fakeEngine({ new: Object.values(HAPPY) });
    const { parts, stops } = worldWith(fake, sampleWith());
    const { code, out } = await pawl(START, parts);
    expect({ code, stops }).toEqual({ code: 0, stops: ['stop'] });
    expect(out).toContain(
      '\n  Dashboard  http://127.0.0.1:8100/#code=a-code\n  Temporal Web UI  http://127.0.0.1:8233\n',
    );
    expect(out).toContain('✔ merged');
    expect(fake.calls.find(({ name }) => name === 'run')?.input).toEqual({
      id: 'make-green-1',
      requirement: 'Make the tests pass and the linter clean',
      repository: '/home/ann/sample',
      base: 'main',
      agent: { name: 'command', command: ['node', 'biome', 'lint', '--write'] },
      checks: [{ name: 'npm test', run: ['npm', 'test'] }],
    });
  });

  it('starts nothing when the change is merged already', async () => {
    const fake = fakeEngine({ 'make-green-1': [HAPPY.merged] });
    const { parts, stops } = worldWith(fake, sampleWith(MERGED));
    const { code, out } = await pawl(START, parts);
    expect({ code, stops }).toEqual({ code: 0, stops: ['stop'] });
    expect(out).toContain('merged already');
    expect(names(fake)).toEqual(['dashboard', 'show']);
  });

  it.each([
    ['lost since', HAPPY.merged],
    ['failed', FAILED],
    ['cancelled', { ...FAILED, status: 'cancelled', failure: null } as TaskState],
  ])('does the work again when it was %s', async (_, before) => {
    const fake = fakeEngine({ 'make-green-1': [before], new: Object.values(HAPPY) });
    const { parts } = worldWith(fake, sampleWith());
    expect((await pawl(START, parts)).code).toBe(0);
    expect(fake.calls.find(({ name }) => name === 'run')?.input).toMatchObject({ id: 'make-green-2' });
  });

  it('follows the run that is not over', async () => {
    const fake = fakeEngine({
      'make-green-1': [FAILED],
      'make-green-2': [HAPPY.checking, HAPPY.waiting, HAPPY.merged],
    });
    const { parts } = worldWith(fake, sampleWith());
    expect((await pawl(START, parts)).code).toBe(0);
    expect(names(fake)).not.toContain('run');
    expect(names(fake)).toContain('approve');
  });

  it('fails when the sample fails, and stops the engine', async () => {
    const { parts, stops } = worldWith(fakeEngine({ new: [FAILED] }), sampleWith());
    expect((await pawl(START, parts)).code).toBe(1);
    expect(stops).toEqual(['stop']);
  });

  it('stops the engine also after an error', async () => {
    const { parts, stops } = worldWith(
      fakeEngine({}, { show: () => Promise.reject(new PawlError('unavailable', 'no worker')) }),
      sampleWith(),
    );
    expect(await pawl(['start'], parts)).toMatchObject({ code: 1, err: 'pawl: no worker\n' });
    expect(stops).toEqual(['stop']);
  });

  it('uses the engine that runs already and leaves it running', async () => {
    const fake = fakeEngine({ new: Object.values(HAPPY) });
    const foreground = () => Promise.reject(new Error('started another'));
    const parts = { ...worldWith(fake, sampleWith()).parts, foreground, running: async () => ENDPOINTS };
    const { code, out, err } = await pawl(START, parts);
    expect(code).toBe(0);
    expect(out).toContain('\n  Dashboard  http://127.0.0.1:8100/#code=a-code\n');
    expect(err).toContain('process 4711');
  });

  it('says where there is no sample', async () => {
    const { parts } = worldWith(fakeEngine(), undefined);
    const { code, err } = await pawl(START, parts);
    expect(code).toBe(0);
    expect(err).toContain('pawl run');
  });
});

describe('start and up in the foreground', () => {
  const dashboard = 'http://127.0.0.1:8100/#code=a-code';

  it.each([
    ['one that it has started', undefined, true],
    ['one that runs already', ENDPOINTS, false],
  ])('start --json tells programs first where the engine is: %s', async (_, running, started) => {
    const { parts } = worldWith(fakeEngine({ 'make-green-1': [HAPPY.merged] }), sampleWith(MERGED));
    const { documents } = await pawl([...START, '--json'], { ...parts, running: async () => running });
    expect(documents).toMatchObject([{ ...ENDPOINTS, dashboard, started }, { task: { id: 'make-green-1' } }]);
  });

  it('up --json does as well', async () => {
    const interrupt = new AbortController();
    const { parts } = worldWith(fakeEngine(), undefined, interrupt.signal);
    const up = pawl(['up', '--json'], parts);
    setTimeout(() => interrupt.abort('SIGINT'), 50);
    expect((await up).documents).toEqual([{ ...ENDPOINTS, dashboard, started: true }]);
  });

  it('stay up until Ctrl-C', async () => {
    for (const args of [
      ['start', '--yes'],
      ['up', '--json'],
    ]) {
      const interrupt = new AbortController();
      const { parts, stops } = worldWith(
        fakeEngine({ new: Object.values(HAPPY) }),
        sampleWith(),
        interrupt.signal,
      );
      const running = pawl(args, parts);
      setTimeout(() => interrupt.abort('SIGINT'), 50);
      const { code, err } = await running;
      expect({ code, stops }).toEqual({ code: 0, stops: ['stop'] });
      expect(err).toContain('stopping');
    }
  });

  it('tell when the engine ends by itself', async () => {
    const foreground: CliWorld['foreground'] = async () => ({
      endpoints: { ...ENDPOINTS, ui: null },
      engine: asked(fakeEngine()),
      ended: Promise.resolve('Temporal cannot be started'),
      stop: async () => undefined,
    });
    const { code, err } = await pawl(['up'], { foreground });
    expect({ code, err }).toEqual({ code: 1, err: 'pawl: the engine ended: Temporal cannot be started\n' });
  });

  it('are interrupted while they start', async () => {
    const foreground = () => Promise.reject(new Interrupted());
    expect(await pawl(['up'], { foreground })).toMatchObject({ code: 130, out: '', err: '' });
  });

  it('pass the port on', async () => {
    const ports: unknown[] = [];
    const background: CliWorld['background'] = async ({ port }) => {
      ports.push(port);
      return { endpoints: ENDPOINTS, started: false };
    };
    expect((await pawl(['up', '-d', '--port', '0', '--json'], { background })).documents).toEqual([
      { ...ENDPOINTS, dashboard: 'http://127.0.0.1:8100/#code=a-code', started: false },
    ]);
    expect((await pawl(['up', '-d'], { background })).out).toContain('ran already');
    expect(ports).toEqual([0, undefined]);
  });
});

describe('down', () => {
  const NONE: Stopped = { stopped: false, killed: false, ended: [], left: [] };
  const down = (more: Partial<Stopped>, ...args: string[]) =>
    pawl(['down', ...args], { down: async () => ({ ...NONE, ...more }) });

  it('says whether there was an engine', async () => {
    expect((await down({ stopped: true }, '--json')).documents).toEqual([{ ...NONE, stopped: true }]);
    expect(await down({ stopped: true })).toMatchObject({ code: 0, out: 'the engine is stopped\n', err: '' });
    expect(await down({})).toMatchObject({ code: 0, out: 'no engine was running\n', err: '' });
  });

  it('tells people what it waits for, and programs nothing but the answer', async () => {
    const waiting = async (notice: (line: string) => void) => {
      notice('it is asked to end');
      return { ...NONE, stopped: true };
    };
    expect(await pawl(['down'], { down: waiting })).toMatchObject({
      out: 'the engine is stopped\n',
      err: 'it is asked to end\n',
    });
    expect(await pawl(['down', '--json'], { down: waiting })).toMatchObject({ err: '' });
  });

  it('says what it ended of an engine that did not end by itself', async () => {
    const ended = [
      { of: 'attempt 2 of fix-login', pids: [12, 13] },
      { of: 'check of other', pids: [14] },
    ];
    expect(await down({ stopped: true, killed: true, ended })).toMatchObject({
      ...{ code: 0, err: '' },
      out: 'the engine did not answer, and was killed\n3 programs that it had left at work ended too (attempt 2 of fix-login, check of other): `pawl up -d` goes on\n',
    });
  });

  it('says what still runs and how it ends, with an exit code of its own', async () => {
    const left = [{ of: 'attempt 2 of fix-login', pids: [12], reason: 'processes 12 survive SIGKILL' }];
    const told = await down({ stopped: true, killed: true, left });
    expect(told).toMatchObject({ code: 5, out: 'the engine did not answer, and was killed\n' });
    expect(told.err).toMatch(
      /^pawl: attempt 2 of fix-login still runs \(pid 12\).*survive SIGKILL; `pawl up -d`/,
    );
    expect((await down({ stopped: true, left }, '--json')).documents).toMatchObject([{ left }]);
  });
});
