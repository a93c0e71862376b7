/** An engine that does not start: what it says, and that nothing half-made is left. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Lesser, lesserToken } from '../../src/edge/http/authentication.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { startEngine } from '../../src/server.ts';
import { configOf, startOptions, temporalsOf, temporaryHome, until } from './engine-rig.ts';
import { expectNothingLeft } from './nothing-left.ts';

describe('a start that fails', () => {
  it('says who has the port and how to choose another', async () => {
    const { home, remove } = temporaryHome();
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const failure = startEngine(configOf(home, { port }), startOptions());
    await expect(failure).rejects.toThrow(`port ${port} is in use by ${basename(process.execPath)} `);
    await expect(failure).rejects.toThrow(
      `(pid ${process.pid}): end it, or choose another port with --port or PAWL_PORT`,
    );
    server.close();
    expectNothingLeft(home);
    remove();
  });

  it.each([
    [
      'its worker cannot be made',
      { worker: async () => Promise.reject(new Error('no worker')) },
      'no worker',
    ],
    [
      'its operations cannot be made',
      { engine: () => Promise.reject(new Error('no operations')) },
      'no operations',
    ],
    ['it is aborted before', { signal: AbortSignal.abort(new Error('enough')) }, 'enough'],
  ])('because %s leaves nothing half-made', async (_, more, words) => {
    const { home, remove } = temporaryHome();
    await expect(startEngine(configOf(home), startOptions(more))).rejects.toThrow(words);
    expectNothingLeft(home);
    remove();
  });

  const lesserIn = (scope: Lesser) => (home: string) => lesserToken(tokenOf(home, {}), scope);
  it.each<[string, (home: string) => string, string]>([
    [
      'has a name',
      () => `pawl_${'A'.repeat(80)}.${'A'.repeat(43)}`,
      'one with a name, of an attempt or of a tab',
    ],
    ['may only read', lesserIn('read'), '--scope read` prints'],
    ['may only operate', lesserIn('operate'), '--scope operate` prints'],
  ])('because PAWL_TOKEN %s says so: its holder would be the local user', async (_, tokenIn, words) => {
    const { home, remove } = temporaryHome();
    vi.stubEnv('PAWL_TOKEN', tokenIn(home));
    const failure = startEngine(configOf(home), startOptions());
    await expect(failure).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(
        new RegExp(`^PAWL_TOKEN: .*, got .*${words}, whose holder would be the local user .*: unset it$`),
      ),
    });
    vi.unstubAllEnvs();
    expectNothingLeft(home);
    remove();
  });

  it('because it is aborted meanwhile leaves nothing half-made', async () => {
    const { home, remove } = temporaryHome();
    const abort = new AbortController();
    const start = startEngine(configOf(home), startOptions({ signal: abort.signal }));
    await until(() => temporalsOf(home).length > 0);
    abort.abort(new Error('enough'));
    await expect(start).rejects.toThrow('enough');
    expectNothingLeft(home);
    remove();
  });

  it('because another Temporal does not answer says which, without its key', async () => {
    const { home, remove } = temporaryHome();
    const temporal = { kind: 'external', address: '127.0.0.1:1' } as const;
    const failure = startEngine(configOf(home, { temporal }), startOptions());
    await expect(failure).rejects.toThrow(
      /^no Temporal answers at 127\.0\.0\.1:1 \(.*correct TEMPORAL_ADDRESS/,
    );
    expectNothingLeft(home);
    remove();
  });

  it('because the home is a file says so', async () => {
    const { home, remove } = temporaryHome();
    const path = join(home, 'file');
    writeFileSync(path, '');
    await expect(startEngine(configOf(path), startOptions())).rejects.toThrow(`${path} is not a folder`);
    remove();
  });

  it('because the host is none of this machine says so', async () => {
    const { home, remove } = temporaryHome();
    const failure = startEngine(configOf(home, { host: '203.0.113.7' }), startOptions());
    await expect(failure).rejects.toThrow(/^cannot listen on 203\.0\.113\.7:0 .*correct PAWL_HOST/);
    expectNothingLeft(home);
    remove();
  });
});
