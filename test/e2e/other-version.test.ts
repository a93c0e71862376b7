/** An engine of another version behind PAWL_URL: one clear answer through each edge, which says which version that is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/client.ts';
import { VITALS } from '../edge/cli/fake-engine.ts';
import { serve } from '../edge/http/counted-server.ts';
import { startMcp } from './mcp-rig.ts';
import { createRig, lastDocument, type Rig } from './rig.ts';

let rig: Rig;
let env: Record<string, string>;
let asked: string[];

/** It speaks the protocol, knows other operations, and tells tasks in another form. */
beforeEach(async () => {
  asked = [];
  const { api } = await serve(({ method = '', url = '' }, response) => {
    asked.push(`${method} ${url}`);
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    if (url === '/api/health')
      return answer(200, { status: 'ok', version: '9.8.7', kind: 'of a later form' });
    if (url.startsWith('/api/vitals'))
      return answer(200, { ...VITALS, more: { than: 'this version knows' } });
    if (url.startsWith('/api/tasks/known')) return answer(200, { id: 'known', state: 'ripe', gates: {} });
    return answer(404, {
      error: { code: 'not_found', message: `there is no ${method} ${url.split('?')[0]}` },
    });
  });
  rig = createRig();
  env = { PAWL_HOME: join(rig.home, 'nothing-here'), PAWL_URL: api, PAWL_TOKEN: 't'.repeat(43) };
});
afterEach(async () => {
  expect(existsSync(env.PAWL_HOME ?? '')).toBe(false);
  await rig.close();
});

const form = {
  code: 'unavailable',
  message: expect.stringMatching(/\(version 9\.8\.7\) answered in a form .* the same version of Pawl/),
};
const lacking = (name: string) => ({
  code: 'precondition',
  message: expect.stringMatching(
    `\\(version 9\\.8\\.7\\) has no operation ${name}: use the same version of Pawl`,
  ),
});

describe('what this version does not know', () => {
  it('is told by the command line', async () => {
    const shown = await rig.pawl(['show', 'known', '--json'], { env });
    expect(shown.err.split('\n')).toHaveLength(1);
    expect(lastDocument(shown.out)).toEqual({ error: form });
    const claimed = await rig.pawl(['cancel', 'other', '--json'], { env });
    expect(lastDocument(claimed.out)).toEqual({ error: lacking('cancel') });
    expect([shown.code, claimed.code]).not.toContain(0);
  });

  it('is told to scripts', async () => {
    const pawl = await connect(env);
    await expect(pawl.show({ id: 'known' })).rejects.toMatchObject(form);
    await expect(pawl.upload({ content: '' })).rejects.toMatchObject(lacking('upload'));
    await pawl.close();
  });

  it('is told by the adapter, and never taken for a task that is not there', async () => {
    const adapter = await startMcp(env.PAWL_HOME ?? '', rig.home, ['--toolset', 'core,orchestrator'], env);
    expect(await adapter.call('show', { id: 'known' })).toMatchObject({ isError: true, structured: form });
    expect(await adapter.call('control', { id: 'other', action: 'cancel' })).toMatchObject({
      isError: true,
      // What changes something is carried out there as a whole.
      structured: {
        code: 'unavailable',
        message: expect.stringMatching(
          /expected the answer of the tool control.*is the engine of this version/,
        ),
      },
    });
    await adapter.close();
  });
});

it('what it tells more than this version knows is no reason to refuse it', async () => {
  const told = await rig.pawl(['vitals', '--json'], { env });
  expect(told).toMatchObject({ code: 0 });
  expect(lastDocument(told.out)).toMatchObject({ version: VITALS.version });
});
