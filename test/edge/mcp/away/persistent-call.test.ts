/** A client of either protocol era whose engine goes away while it calls. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../../src/domain/failures.ts';
import { BACK, flakyRig, GONE, gone } from './flaky-engine.ts';

const ELICITS = { capabilities: { elicitation: {} } };
const ASKED =
  /does not answer complete_skill after 3 attempts: .*ECONNREFUSED[\s\S]*wait:[\s\S]*skip:[\s\S]*stop:/;
const away = () => gone(Number.POSITIVE_INFINITY);

/** In the older protocol the server asks and waits; in the newer one it answers the question, and is called again. */
function speaking(era: '2025' | '2026', choices: readonly string[]) {
  const left = [...choices];
  const messages: string[] = [];
  const answerTo = (params: Record<string, unknown>) => {
    messages.push(String(params.message));
    const choice = left.shift();
    return choice === undefined ? { action: 'cancel' } : { action: 'accept', content: { choice } };
  };
  return {
    messages,
    how: {
      ...ELICITS,
      ...(era === '2025' && {
        respond: ({ params }: { params: Record<string, unknown> }) => answerTo(params),
      }),
    },
    async call(
      client: { call: (name: string, input: unknown, more?: object) => Promise<Record<string, unknown>> },
      name: string,
      input: unknown,
    ) {
      let answer = await client.call(name, input);
      while (answer.resultType === 'input_required') {
        const asked = Object.entries(
          answer.inputRequests as Record<string, { params: Record<string, unknown> }>,
        );
        const inputResponses = Object.fromEntries(asked.map(([key, { params }]) => [key, answerTo(params)]));
        answer = await client.call(name, input, { inputResponses });
      }
      return answer;
    },
  };
}

describe.each(['2025', '2026'] as const)('in the protocol of %s', (era) => {
  const report = (executionId: string) => ({ executionId, skillId: 'spec', summary: 'done' });

  it('tells one sentence, has the engine brought back, and makes the same call again', async () => {
    const rig = await flakyRig();
    const client = await rig.client(era);
    rig.fails = gone(2);
    const meta = { progressToken: 'p', 'io.modelcontextprotocol/logLevel': 'info' };
    const answer = await client.call('complete_skill', report(rig.executionId), { _meta: meta });
    expect(answer).toMatchObject({ structuredContent: { passed: true } });
    // The execution is read again, by each try, before it is told anything.
    const again = ['bring back', 'look again', 'execution'];
    expect(rig.asked).toEqual(['execution', ...again, ...again, 'completeSkill', 'execution']);
    const told = client.notifications.map(({ method, params }) => [method, params.message ?? params.data]);
    const sentence = expect.stringMatching(/^The connection to the engine of Pawl is lost\. Waiting/);
    expect(told.sort()).toEqual([
      ['notifications/message', sentence],
      ['notifications/progress', sentence],
    ]);
    await client.end();
  });

  it('asks after three tries, as often as the person waits, and goes on', async () => {
    const rig = await flakyRig();
    const person = speaking(era, ['wait', 'wait']);
    const client = await rig.client(era, person.how);
    rig.fails = gone(6);
    const answer = await person.call(client, 'complete_skill', report(rig.executionId));
    expect(answer).toMatchObject({ structuredContent: { passed: true } });
    expect(person.messages).toEqual([expect.stringMatching(ASKED), expect.stringMatching(ASKED)]);
    expect(rig.loop.calls).toHaveLength(1);
    await client.end();
  });

  it.each(['stop', undefined])('stops where the person says %s, and nothing is kept', async (choice) => {
    const rig = await flakyRig();
    const person = speaking(era, choice === undefined ? [] : [choice]);
    const client = await rig.client(era, person.how);
    rig.fails = away();
    const answer = await person.call(client, 'complete_skill', report(rig.executionId));
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'unavailable' } });
    expect(String(Object(answer.structuredContent).message)).toMatch(/wants to stop here.*get_execution/);
    rig.fails = BACK;
    await client.call('get_execution', { id: rig.executionId });
    expect(rig.loop.calls).toEqual([]);
    await client.end();
  });

  it('keeps what is skipped, in order, and makes it before the next call, which tells of it', async () => {
    const rig = await flakyRig();
    const person = speaking(era, ['skip', 'skip', 'skip']);
    const client = await rig.client(era, person.how);
    rig.fails = away();
    const { executionId } = rig;
    const places = [];
    for (const [name, input] of [
      ['complete_skill', report(executionId)],
      ['complete_skill', { executionId, skillId: 'nothing' }],
      ['pause_execution', { executionId }],
    ] as const)
      places.push(await person.call(client, name, input));
    const queued = (place: number) => ({ isError: true, structuredContent: { code: 'queued', place } });
    expect(places).toMatchObject([queued(1), queued(2), queued(3)]);
    expect(rig.loop.calls).toEqual([]);
    rig.fails = BACK;
    const answer = await client.call('get_execution', { id: executionId });
    expect(answer).toMatchObject({ structuredContent: { status: 'paused' } });
    const [, told] = answer.content as { text: string }[];
    expect(told?.text.split('\n')).toEqual([
      'Calls that were kept while the engine was away have been made:',
      expect.stringMatching(/^1\. complete_skill: taken: /),
      expect.stringMatching(/^2\. complete_skill: refused: .*there is no skill nothing/),
      expect.stringMatching(/^3\. pause_execution: taken: /),
    ]);
    expect(rig.loop.calls.map(({ name }) => name)).toEqual([
      ...['completeSkill', 'completeSkill', 'updateExecution'],
    ]);
    expect((await client.call('get_execution', { id: executionId })).content).toHaveLength(1);
    expect(readdirSync(rig.folder).filter((name) => name.endsWith('.json'))).toEqual([]);
    await client.end();
  });

  it('makes no later call before those that are kept', async () => {
    const rig = await flakyRig();
    const person = speaking(era, ['skip', 'stop']);
    const client = await rig.client(era, person.how);
    rig.fails = away();
    const { executionId } = rig;
    await person.call(client, 'complete_skill', report(executionId));
    // It is there again for all but the report that is kept.
    rig.fails = (name) => (name === 'completeSkill' ? new PawlError('unavailable', 'not yet') : undefined);
    expect(await person.call(client, 'pause_execution', { executionId })).toMatchObject({ isError: true });
    expect(rig.asked).not.toContain('steerExecution');
    await client.end();
  });

  it.each([
    ['approve_gate', { gateId: 'agreed', approvedBy: 'ann' }, /a decision is made on what is shown/],
    ['get_execution', {}, /it only looks/],
    ['start_execution', { loopId: 'plain', project: '.' }, /what it answers is needed/],
  ])('never keeps %s', async (name, more, why) => {
    const rig = await flakyRig();
    const person = speaking(era, ['skip']);
    const client = await rig.client(era, person.how);
    rig.fails = away();
    const { executionId } = rig;
    const input = {
      ...(name === 'get_execution' ? { id: executionId } : name === 'approve_gate' ? { executionId } : {}),
      ...more,
    };
    expect(await person.call(client, name, input)).toMatchObject({
      isError: true,
      structuredContent: { code: 'skipped', message: expect.stringMatching(why) },
    });
    expect(readdirSync(rig.folder)).toEqual([]);
    await client.end();
  });

  it('keeps nothing that the engine would never take', async () => {
    const rig = await flakyRig({ lookAgain: async () => Promise.reject(new PawlError('unavailable', GONE)) });
    const person = speaking(era, ['wait', 'skip']);
    const client = await rig.client(era, person.how);
    rig.fails = away();
    const answer = await person.call(client, 'complete_skill', {
      executionId: rig.executionId,
      skill: 'spec',
    });
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'invalid_input' } });
    // At the first try already, without a word to the person.
    expect(person.messages).toEqual([]);
    await client.end();
  });

  it('says so to a client whose user cannot be asked, and what to do', async () => {
    const rig = await flakyRig();
    const client = await rig.client(era);
    rig.fails = away();
    const { structuredContent, isError } = await client.call('complete_skill', report(rig.executionId));
    expect({ isError, structuredContent }).toEqual({
      isError: true,
      structuredContent: {
        code: 'unavailable',
        message: expect.stringMatching(
          /ECONNREFUSED.*cannot ask its user.*call complete_skill again.*PAWL_MCP_SPOOL=on/,
        ),
      },
    });
    await client.end();
  });

  it('keeps the call of such a client where that is the setting, and nothing else', async () => {
    const rig = await flakyRig({ skipsUnasked: true });
    const client = await rig.client(era);
    rig.fails = away();
    const { executionId } = rig;
    expect(await client.call('complete_skill', report(executionId))).toMatchObject({
      isError: true,
      structuredContent: { code: 'queued', place: 1 },
    });
    for (const [name, input] of [
      ['approve_gate', { executionId, gateId: 'agreed' }],
      ['get_execution', { id: executionId }],
    ] as const)
      expect(await client.call(name, input)).toMatchObject({ structuredContent: { code: 'unavailable' } });
    await client.end();
  });

  it('makes a call for an unknown execution once more, and a wrong one never', async () => {
    const rig = await flakyRig();
    const client = await rig.client(era);
    expect(await client.call('get_execution', { id: 'x_nobody' })).toMatchObject({
      structuredContent: { code: 'not_found' },
    });
    expect(rig.asked).toEqual(['execution', 'bring back', 'look again', 'execution']);
    rig.asked.length = 0;
    const { executionId } = rig;
    expect(await client.call('complete_skill', { executionId, skillId: 'none' })).toMatchObject({
      isError: true,
    });
    expect(rig.asked).toEqual(['execution', 'completeSkill']);
    expect(await client.request('tools/call', { name: 'none' })).toMatchObject({ error: { code: -32602 } });
    expect(rig.asked).toHaveLength(2);
    expect(client.notifications).toEqual([]);
    await client.end();
  });
});
