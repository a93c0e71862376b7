/** `pawl dashboard`, and the link that `up` prints: on stdout, in the document, and not where a log is kept. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import type { CliWorld } from '../../../src/edge/cli/world.ts';
import { asked, fakeEngine } from './fake-engine.ts';
import { ENDPOINTS, pawl } from './fakes.ts';

const LINK = 'http://127.0.0.1:8100/#code=a-code';
const MADE = { code: 'a-code', url: LINK, scope: 'approve', expiresAt: '2026-01-02T03:14:05.000Z' };

describe('dashboard', () => {
  it('prints the link and nothing else, or the whole answer', async () => {
    expect(await pawl(['dashboard'])).toMatchObject({ code: 0, out: `${LINK}\n`, err: '' });
    expect((await pawl(['dashboard', '--json'])).documents).toEqual([MADE]);
  });

  it('asks for less', async () => {
    const fake = fakeEngine();
    const { documents } = await pawl(['dashboard', '--scope', 'read', '--json'], { fake });
    expect(documents).toEqual([{ ...MADE, scope: 'read' }]);
    expect(fake.calls).toEqual([{ name: 'dashboard', input: { scope: 'read' } }]);
    expect(await pawl(['dashboard', '--scope', 'local'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('read, operate, approve'),
    });
  });

  it('leads to where this host reaches the engine', async () => {
    const reachable = (url: string) => url.replace('8100', '8101');
    expect((await pawl(['dashboard'], { reachable })).out).toBe('http://127.0.0.1:8101/#code=a-code\n');
  });

  it('opens it, or says why not and prints it all the same', async () => {
    const opened: string[] = [];
    const openInBrowser = async (url: string) => void opened.push(url);
    expect(await pawl(['dashboard', '--open'], { openInBrowser })).toMatchObject({ code: 0, err: '' });
    expect(opened).toEqual([LINK]);
    const parts: Partial<CliWorld> = { openInBrowser: async () => 'this shell has no display' };
    expect(await pawl(['dashboard', '--open'], parts)).toMatchObject({
      ...{ code: 0, out: `${LINK}\n` },
      err: 'pawl: the browser was not opened: this shell has no display\n',
    });
    expect((await pawl(['dashboard', '--open', '--json'], parts)).documents).toEqual([
      { ...MADE, opened: false },
    ]);
  });
});

describe('up', () => {
  const ended: CliWorld['foreground'] = async () => ({
    endpoints: ENDPOINTS,
    engine: asked(fakeEngine()),
    ended: Promise.resolve('over'),
    stop: async () => undefined,
  });

  it.each([[['up']], [['up', '-d']]])(
    '%j prints the link on a line of its own, and in the document',
    async (args) => {
      const { out } = await pawl(args, { foreground: ended });
      expect(out).toContain(`\n  Dashboard  ${LINK}\n  Temporal Web UI  http://127.0.0.1:8233\n`);
      expect((await pawl([...args, '--json'], { foreground: ended })).documents).toEqual([
        { ...ENDPOINTS, dashboard: LINK, started: true },
      ]);
    },
  );

  it.each([[['up', '--no-link']], [['up', '-d', '--no-link']], [['ensure']]])(
    '%j makes none',
    async (args) => {
      const fake = fakeEngine();
      const told = await pawl(args, { fake, foreground: ended });
      expect(told.out).toContain(
        '\n  API  http://127.0.0.1:8100\n  Temporal Web UI  http://127.0.0.1:8233\n',
      );
      const { documents } = await pawl([...args, '--json'], { fake, foreground: ended });
      expect(documents).toEqual([{ ...ENDPOINTS, started: true }]);
      expect(fake.calls).toEqual([]);
    },
  );

  it('is up where the engine refuses one', async () => {
    const refusing = { dashboard: () => Promise.reject(new PawlError('not_found', 'there is no POST')) };
    const { code, out, err } = await pawl(['up', '-d'], { fake: fakeEngine({}, refusing) });
    expect({ code, err }).toEqual({ code: 0, err: 'pawl: no link into the dashboard: there is no POST\n' });
    expect(out).toContain('  API  http://127.0.0.1:8100\n');
  });
});
