/** Where Temporal comes from, in order, and what is said when it comes from nowhere. Fake programs, a real silent server. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { download } from '../../scripts/setup/download.mjs';
import { PLATFORM, TEMPORAL } from '../../scripts/setup/pins.mjs';
import { findTemporal, provideTemporal, temporalConfigured } from '../../scripts/setup/temporal.mjs';
import { createScratch } from './scratch.ts';

const CACHED = `temporal-${TEMPORAL.version}-${PLATFORM}`;
const saying = (text: string) => `console.log(${JSON.stringify(text)})`;
const GOOD = saying('temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)');

describe('finding', () => {
  it('takes the one on PATH when its server is new enough, whatever it calls itself', () => {
    const { env, fake } = createScratch();
    const path = fake('temporal', GOOD);
    expect(findTemporal(env)).toEqual({ path, server: '1.29.1', from: 'on PATH' });
  });

  it.each([
    ['an older server', saying('temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)')],
    ['another major version', saying('temporal version 9.0.0 (Server 2.0.0, UI 3.0.0)')],
    ['another program', saying('tempo 3')],
    ['a broken program', 'process.exit(1)'],
  ])('goes on to the cache after %s', (_, body) => {
    const { env, fake, cache } = createScratch();
    fake('temporal', body);
    expect(findTemporal(env)).toBeUndefined();
    mkdirSync(join(cache, CACHED), { recursive: true });
    writeFileSync(join(cache, CACHED, 'temporal'), '', { mode: 0o755 });
    expect(findTemporal(env)).toEqual({
      path: join(cache, CACHED, 'temporal'),
      server: TEMPORAL.server,
      from: 'embedded',
    });
  });

  it('needs none when the settings name a server', () => {
    expect(temporalConfigured({ TEMPORAL_ADDRESS: 'h:7233' })).toBe(true);
    expect(temporalConfigured({ TEMPORAL_PROFILE: 'prod' })).toBe(true);
    expect(temporalConfigured({ TEMPORAL_ADDRESS: '' })).toBe(false);
  });
});

describe('providing', () => {
  const program = (folder: string, text: string) =>
    writeFileSync(join(folder, 'program', 'temporal'), `#!${process.execPath}\n${text}`, { mode: 0o755 });

  it('tries the sources in order and keeps what the first good one made', async () => {
    const { env, cache } = createScratch();
    const sources = [
      async function refuses() {
        throw new Error('no way');
      },
      async function makesRubbish(folder: string) {
        program(folder, saying('hello'));
      },
      async function works(folder: string) {
        program(folder, GOOD);
        writeFileSync(join(folder, 'gigabytes-of-caches'), '');
      },
    ];
    const found = await provideTemporal(env, sources);
    expect(found).toMatchObject({ path: join(cache, CACHED, 'temporal'), from: 'embedded' });
    expect(readdirSync(join(cache, CACHED))).toEqual(['temporal']);
    expect(readdirSync(join(cache, 'making'))).toEqual([]);
  });

  it('names all that was tried and every way out when none works', async () => {
    const { env, cache } = createScratch();
    const sources = [
      async function one() {
        throw new Error('first reason');
      },
      async function two() {
        throw new Error('second reason');
      },
    ];
    const failure = await provideTemporal(env, sources).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'SetupError', tried: ['first reason', 'second reason'] });
    const report = (failure as { report(): string }).report();
    for (const way of ['Temporal CLI', 'install Go', 'TEMPORAL_ADDRESS']) expect(report).toContain(way);
    expect(existsSync(join(cache, CACHED))).toBe(false);
  });
});

describe('downloading', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer(answer as never).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/file`;
  }
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('writes what was asked for, and how far it is', async () => {
    const { folder } = createScratch();
    const url = await serve((_request: unknown, response: import('node:http').ServerResponse) => {
      response.setHeader('content-length', 5).end('bytes');
    });
    const shares: number[] = [];
    await download(url, join(folder, 'file'), {
      sha256: sha256('bytes'),
      onShare: (share: number) => shares.push(share),
    });
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('bytes');
    expect(shares.at(-1)).toBe(1);
  });

  it('gives up a server that accepts and says nothing', async () => {
    const { folder } = createScratch();
    const url = await serve(() => undefined);
    const silent = download(url, join(folder, 'file'), { sha256: '', onShare: undefined, silenceMs: 50 });
    await expect(silent).rejects.toThrow('the server was silent for 0.05 s');
  });

  it('gives up a server that stops in the middle', async () => {
    const { folder } = createScratch();
    const url = await serve((_request: unknown, response: import('node:http').ServerResponse) => {
      response.setHeader('content-length', 100).write('some');
    });
    const silent = download(url, join(folder, 'file'), { sha256: '', onShare: undefined, silenceMs: 50 });
    await expect(silent).rejects.toThrow('silent');
  });

  it('refuses other bytes than the pinned ones, and a refusal', async () => {
    const { folder } = createScratch();
    const url = await serve((_request: unknown, response: import('node:http').ServerResponse) => {
      response.end('other bytes');
    });
    await expect(
      download(url, join(folder, 'file'), { sha256: sha256('bytes'), onShare: undefined }),
    ).rejects.toThrow(/expected SHA-256 .*, got /);
    const missing = await serve((_request: unknown, response: import('node:http').ServerResponse) => {
      response.writeHead(404).end();
    });
    await expect(download(missing, join(folder, 'file'), { sha256: '', onShare: undefined })).rejects.toThrow(
      '404',
    );
  });
});
