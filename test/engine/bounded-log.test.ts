/** Logs that another process writes to, and the ports that others hold. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { boundLog, lastLineOf, openLog, sizeOfLog } from '../../src/engine/bounded-log.ts';
import { freePort, holderOf } from '../../src/engine/tcp-ports.ts';

let folder = '';
let log = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-log-'));
  log = join(folder, 'a.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is cut in place while its writer goes on, and one older generation is kept', () => {
  const file = openLog(log);
  writeSync(file, 'x'.repeat(100));
  boundLog(log, 99);
  writeSync(file, 'on');
  closeSync(file);
  expect(readFileSync(log, 'utf8')).toBe('on');
  expect(readFileSync(`${log}.1`, 'utf8')).toBe('x'.repeat(100));
  boundLog(log, 99);
  expect(readFileSync(log, 'utf8')).toBe('on');
  expect(statSync(log).mode & 0o777).toBe(0o600);
});

it('tells its last line, of those after an offset', () => {
  expect(lastLineOf(log)).toBeUndefined();
  expect(sizeOfLog(log)).toBe(0);
  writeFileSync(log, 'old\n');
  const from = sizeOfLog(log);
  expect(lastLineOf(log, from)).toBeUndefined();
  writeFileSync(log, `old\n${'y'.repeat(100_000)}\nwhy\nlast word \n \n`);
  expect(lastLineOf(log, from)).toBe('last word');
  expect(lastLineOf(log, from, /^wh/)).toBe('why');
  expect(lastLineOf(log, from, /^old/)).toBe('last word');
});

it('names the process that holds a port, by program and script alone', async () => {
  const script = join(folder, 'holds-a-port.mjs');
  writeFileSync(
    script,
    "import { createServer } from 'node:net';\nconst s = createServer().listen(0, '127.0.0.1', () => console.log(s.address().port));",
  );
  const child = spawn(process.execPath, [script, '--token=secret'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  expect(holderOf(Number(port))).toBe(`node holds-a-port.mjs (pid ${child.pid})`);
  expect(await freePort([Number(port)])).not.toBe(Number(port));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(holderOf(Number(port))).toBeUndefined();
  expect(await freePort([Number(port)])).toBe(Number(port));
});

it('takes the first preferred port that is free', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const free = await freePort([taken]);
  expect(await freePort([taken, free])).toBe(free);
  server.close();
});
