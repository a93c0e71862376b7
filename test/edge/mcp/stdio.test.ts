/** The adapter as a process of its own: it ends with its client, and when it is told to. */
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '..', '..', 'mcp', 'stdio-main.ts');
const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});
/** A process that does not end is a failure, which must not outlive the test. */
const END_MS_MAX = 30_000;

function start() {
  const adapter = execa(process.execPath, [MAIN], { reject: false, timeout: END_MS_MAX });
  const answered = new Promise((resolve) => adapter.stdout.once('data', resolve));
  adapter.stdin.write(`${INITIALIZE}\n`);
  return { adapter, answered };
}

it.each([
  ['the end of its stdin', (adapter: ReturnType<typeof start>['adapter']) => adapter.stdin.end()],
  ['SIGTERM', (adapter: ReturnType<typeof start>['adapter']) => adapter.kill('SIGTERM')],
])('ends with 0 at %s, having written nothing but the protocol', async (_, end) => {
  const { adapter, answered } = start();
  await answered;
  end(adapter);
  const { exitCode, signal, stdout, stderr } = await adapter;
  expect({ exitCode, signal, stderr }).toEqual({ exitCode: 0, signal: undefined, stderr: '' });
  expect(stdout.split('\n').map((line) => JSON.parse(line).id)).toEqual([1]);
});

it('ends when nobody reads its stdout any more', async () => {
  const { adapter, answered } = start();
  await answered;
  adapter.stdout.destroy();
  adapter.stdin.write(`${INITIALIZE}\n${INITIALIZE}\n`);
  expect((await adapter).timedOut).toBe(false);
});
