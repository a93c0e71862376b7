/** Set-up commands and checks as real processes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProgramRequest } from '../../../src/activities/ports/programs-port.ts';
import { startTimeOf } from '../../../src/adapters/programs/processes.ts';
import { createProgramRunner } from '../../../src/adapters/programs/program-runner.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { createMask } from '../../../src/domain/mask.ts';
import { newFolder } from '../../conformance/folders.ts';

const PROGRAMS = join(import.meta.dirname, '..', '..', 'fixtures', 'agents');
const programs = createProgramRunner({ environment: process.env });
const { signal } = new AbortController();
let marks = 0;

function requestOf(command: string[], changes: Partial<ProgramRequest> = {}): ProgramRequest {
  marks += 1;
  return {
    command,
    cwd: newFolder(),
    mark: `program-test-${process.pid}/${marks}`,
    timeoutMs: 60_000,
    mask: createMask([]),
    ...changes,
  };
}
const node = (code: string, ...args: string[]) => [process.execPath, '-e', code, ...args];
const fixture = (name: string) => [process.execPath, join(PROGRAMS, `${name}.mjs`)];
const readyPids = (output: string) => [...output.matchAll(/ready (\d+)/g)].map(([, pid]) => Number(pid));
const running = (pids: readonly number[]) => pids.filter((pid) => startTimeOf(pid) !== undefined);

it('runs a program in its folder and keeps both outputs in the order they came', async () => {
  const code = `console.log('out 1'); setTimeout(() => { console.error('err 2'); setTimeout(() => console.log(process.cwd()), 50) }, 50)`;
  const request = requestOf(node(code));
  const result = await programs.run(request, signal);
  expect(result).toMatchObject({ exitCode: 0, timedOut: false, durationMs: expect.any(Number) });
  expect(result.output).toBe(`out 1\nerr 2\n${request.cwd}\n`);
});

it('tells the pid while it runs, and the exit status after', async () => {
  const pids: number[] = [];
  const code = 'console.log(process.pid); process.exitCode = 7';
  const result = await programs.run(requestOf(node(code), { onStarted: (pid) => pids.push(pid) }), signal);
  expect(result.exitCode).toBe(7);
  expect(result.output).toBe(`${pids[0]}\n`);
});

it('gives arguments on as they are: no shell reads them', async () => {
  const odd = ['$(touch pwned)', '; exit 1', '--flag', '-', '', '*', 'a\nb', '"\'\\'];
  const code = 'console.log(JSON.stringify(process.argv.slice(1)))';
  const result = await programs.run(requestOf([...node(code), '--', ...odd]), signal);
  expect(JSON.parse(result.output)).toEqual(odd);
});

it('gives no stdin, no terminal and no secret', async () => {
  const environment = {
    PATH: process.env.PATH,
    PAWL_TOKEN: 'secret-of-pawl',
    NPM_TOKEN: 'secret-of-npm',
    npm_config__auth: 'secret-of-npm',
  };
  const code = `process.stdin.resume().on('end', () => console.log('no stdin', process.stdout.isTTY, JSON.stringify(process.env)))`;
  const result = await createProgramRunner({ environment }).run(requestOf(node(code)), signal);
  expect(result.output).toContain('no stdin undefined');
  expect(result.output).not.toContain('secret-of-');
  expect(result.output).toContain('"CI":"true"');
});

it('keeps the head and the tail of a long output and says what is missing', async () => {
  const code = `process.stdout.write('first line\\n' + 'x'.repeat(3_000_000) + '\\nlast line')`;
  const { output } = await programs.run(requestOf(node(code)), signal);
  expect(output.startsWith('first line\n')).toBe(true);
  expect(output.endsWith('\nlast line')).toBe(true);
  expect(output).toMatch(/\n\[… \d+ characters left out …\]\n/);
  const bound = LIMITS.programOutputHeadCharsMax + LIMITS.programOutputTailCharsMax + 100;
  expect(output.length).toBeLessThan(bound);
});

it('keeps characters whole that arrive in pieces', async () => {
  const code = `const b = Buffer.from('🚲'); process.stdout.write(b.subarray(0, 2)); setTimeout(() => { process.stderr.write('|'); setTimeout(() => process.stdout.write(b.subarray(2)), 50) }, 50)`;
  const { output } = await programs.run(requestOf(node(code)), signal);
  expect(output).toBe('|🚲');
});

it('ends what takes too long, with all that it started', async () => {
  const request = requestOf(fixture('daemonises'), { timeoutMs: 1_500 });
  const result = await programs.run(request, signal);
  expect(result).toMatchObject({ exitCode: null, timedOut: true });
  const pids = readyPids(result.output);
  expect(running(pids)).toEqual([]);
});

it('cancelled: ends it and throws the reason', async () => {
  const stop = new AbortController();
  const pids: number[] = [];
  const onStarted = (pid: number) => {
    pids.push(pid);
    stop.abort(new Error('asked to stop'));
  };
  await expect(programs.run(requestOf(fixture('waits'), { onStarted }), stop.signal)).rejects.toThrow(
    'asked to stop',
  );
  expect(pids).toHaveLength(1);
  expect(running(pids)).toEqual([]);
  const again = programs.run(requestOf(fixture('waits'), { onStarted }), stop.signal);
  await expect(again).rejects.toThrow('asked to stop');
  expect(pids).toHaveLength(1);
});

it('is not held up by background processes that keep the output open, and ends them', async () => {
  const result = await programs.run(requestOf(fixture('leaves-processes')), signal);
  expect(result.exitCode).toBe(0);
  expect(result.output).toContain('left two behind');
  const pids = readyPids(result.output);
  expect(pids).toHaveLength(2);
  expect(running(pids)).toEqual([]);
});

it('null is the exit code of what died by a signal', async () => {
  expect(await programs.run(requestOf(fixture('dies')), signal)).toMatchObject({
    exitCode: null,
    timedOut: false,
  });
});

describe('what cannot be started', () => {
  const message = (command: string[], changes: Partial<ProgramRequest> = {}) =>
    programs.run(requestOf(command, changes), signal).then(
      () => 'it ran',
      (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
    );

  it('names a program that is not on PATH, and says what to do', async () => {
    expect(await message(['no-such-program-of-anybody', 'test'])).toBe(
      'PawlError: program "no-such-program-of-anybody" was not found on the PATH of the shell that started the engine: install it, give its full path, or start the engine from a shell that has it (`pawl down && pawl up -d`)',
    );
  });
  it('names a path that is not there, from the folder it would run in', async () => {
    expect(await message(['./check.sh'])).toContain('"./check.sh" is not there');
  });
  it('names a missing folder', async () => {
    expect(await message(['true'], { cwd: '/no/such/folder' })).toContain('no folder /no/such/folder');
  });
  it('tells a missing interpreter from a missing program', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'check'), '#!/no/such/interpreter\n', { mode: 0o755 });
    expect(await message(['./check'], { cwd })).toContain('look at its first line');
  });
  it('does not take a repository’s file for a program', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'bin'));
    for (const place of ['check', 'bin/check'])
      writeFileSync(join(cwd, place), '#!/bin/sh\n', { mode: 0o755 });
    const careless = createProgramRunner({ environment: { PATH: `.:bin::${process.env.PATH}` } });
    await expect(careless.run(requestOf(['check'], { cwd }), signal)).rejects.toThrow(
      'not found on the PATH',
    );
  });
});
