/** Archive, export, settings and requirements, as clients of the pipeline know them. */
import { describe, expect, it } from 'vitest';
import { ExecutionRow } from '../../../../src/domain/executions/execution-rows.ts';
import type { InputOf } from '../../../../src/domain/operations.ts';
import { archive } from '../../../../src/edge/compat/dashboard/archive.ts';
import { changeSettings, settings } from '../../../../src/edge/compat/dashboard/engine-settings.ts';
import { EXPORT, openExport } from '../../../../src/edge/compat/dashboard/export.ts';
import { submitRequirement } from '../../../../src/edge/compat/dashboard/requirements.ts';
import { fakeEngine } from '../../cli/fake-engine.ts';
import { rowOf } from '../orchestrator/rows.ts';
import { ago, askedOf, NOW } from './asked.ts';

const over = ExecutionRow.parse({
  ...{ id: 'x_bugfix-1', title: 'Fix bugs', loop: 'bugfix', project: '/p', status: 'completed' },
  ...{ currentPhase: 'plan', requester: 'ann', startedAt: ago(900), closedAt: ago(50) },
  progress: { phasesCompleted: 1, phasesTotal: 1, skillsCompleted: 3, skillsTotal: 3 },
});
const rows = [
  rowOf('old', { status: 'completed', closedAt: ago(99), archivedAt: ago(90), artifacts: ['a', 'b'] }),
  rowOf('new', { status: 'failed', closedAt: ago(30), archivedAt: ago(10), repository: '/p' }),
  rowOf('open'),
];
const host = {
  rows: async () => rows,
  executions: async () => [over, { ...over, status: 'active' as const }],
};
const asked = () => askedOf(fakeEngine(), host);

describe('GET /api/archive', () => {
  it('lists what was put away and executions that are over, newest first', async () => {
    const answer = archive.output.parse(await archive.answer(asked(), {}));
    expect(answer).toMatchObject({
      total: 3,
      archives: [
        {
          id: 'new',
          kind: 'task',
          status: 'failed',
          path: '/api/tasks/new',
          created: ago(10),
          file_count: 0,
        },
        { id: 'x_bugfix-1', kind: 'execution', path: '/api/executions/x_bugfix-1', created: ago(50) },
        { id: 'old', created_display: '2026-06-15 11:58:30', file_count: 2, ended: ago(99) },
      ],
    });
    const page = Object(await archive.answer(asked(), { limit: 1, offset: 1 }));
    expect(page).toMatchObject({ total: 3, archives: [{ id: 'x_bugfix-1' }] });
  });
});

describe('GET /api/export', () => {
  it('is one document with every row in it, however many parts it comes in', async () => {
    const many = Array.from({ length: 250 }, (_, n) => rowOf(`task-${n}`));
    for (const given of [[], rows, many]) {
      const parts = [...(await openExport(askedOf(fakeEngine(), { ...host, rows: async () => given })))];
      const document = EXPORT.output.parse(JSON.parse(parts.join('')));
      expect(document).toMatchObject({
        export_metadata: { exported_at: NOW.toISOString(), version: '1.2.3', platform: process.platform },
        sessions: [],
      });
      expect(document.tasks).toHaveLength(given.length);
      expect(document.executions).toHaveLength(2);
    }
  });
});

describe('/api/settings', () => {
  const known = askedOf(fakeEngine(), {
    temporal: { namespace: 'default', ui: 'http://127.0.0.1:8233' },
    settings: () => [{ variable: 'PAWL_PORT', value: 8100 }],
    keys: () => ({ OPENAI_API_KEY: true, CLAUDE_CODE_OAUTH_TOKEN: true, GH_TOKEN: false }),
  });

  it('tells what is set, and of keys no more than that', async () => {
    expect(settings.output.parse(await settings.answer(known, {}))).toMatchObject({
      ...{ anthropic_key: true, openai_key: true, deepseek_key: false, github_token: false },
      settings: [{ variable: 'PAWL_PORT', value: 8100 }],
      temporal: { namespace: 'default', ui: 'http://127.0.0.1:8233' },
    });
  });

  it.each([
    [{ openai_key: 'sk-secret' }, /OPENAI_API_KEY in \.env of Pawl's home/],
    [{ PAWL_PORT: 'sk-secret' }, /start the engine with this variable/],
    [{ theme: 'sk-secret' }, /"theme" is no setting/],
  ])('changes none, and says where it is changed: %j', async (given, words) => {
    const refused = changeSettings.answer(known, given);
    await expect(refused).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(words),
    });
    await expect(refused).rejects.not.toThrow(/sk-secret/);
  });
});

describe('POST /api/requirements', () => {
  const context = { repository: '/home/ann/shop', base: 'main', agent: 'codex' };

  it('runs it in the repository that its context names', async () => {
    for (const body of [
      { content: 'Fix the login', priority: 8, context },
      { requirement: 'Fix the login', metadata: context },
    ]) {
      const inputs: unknown[] = [];
      const run = async (input: InputOf<'run'>) => {
        inputs.push(input);
        return { id: input.id, created: true };
      };
      const answer = await submitRequirement.answer(askedOf(fakeEngine({}, { run })), body);
      expect(submitRequirement.output.parse(answer)).toMatchObject({
        status: 'accepted',
        requirement_id: expect.stringMatching(/^fix-the-login-\w+$/),
      });
      expect(inputs).toMatchObject([{ requirement: 'Fix the login', ...context, agent: { name: 'codex' } }]);
    }
  });

  it.each<[unknown, string | undefined]>([
    [undefined, undefined],
    [1, 'low'],
    [3, 'low'],
    [5, undefined],
    [6, undefined],
    [8, 'high'],
    [9, 'critical'],
    ['normal', undefined],
    ['critical', 'critical'],
    ['low', 'low'],
  ])('is as urgent as its priority %j says', async (priority, word) => {
    const inputs: InputOf<'run'>[] = [];
    const run = async (input: InputOf<'run'>) => {
      inputs.push(input);
      return { id: input.id, created: true };
    };
    const body = { content: 'Fix it', context, ...(priority !== undefined && { priority }) };
    await submitRequirement.answer(askedOf(fakeEngine({}, { run })), body);
    expect(inputs.map((input) => input.priority)).toEqual([word]);
  });

  it('has the same id under the same key', async () => {
    const begun = async (content: string, key: string) => {
      const answer = submitRequirement.answer({ ...asked(), context: { key } }, { content, context });
      return Object(await answer).requirement_id;
    };
    expect(await begun('Do it', 'k1')).toBe(await begun('Do it', 'k1'));
    expect(await begun('Do it', 'k1')).not.toBe(await begun('Do it', 'k2'));
  });

  it.each([
    [{ content: 'Fix it' }, /context\.repository: expected the absolute path/],
    [{ context }, /content: expected what should be done/],
    [{ content: ' ', context }, /content/],
    [{ content: 'Fix it', context: { ...context, colour: 'red' } }, /context: expected repository, .* alone/],
    [{ content: 'Fix it', context: { ...context, base: 7 } }, /context\.base/],
    [{ content: 'Fix it', context, priority: 11 }, /priority/],
    [{ content: 'Fix it', context, priority: 'urgent' }, /priority/],
  ])('refuses %j', async (body, message) => {
    const refused = submitRequirement.answer(asked(), body);
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(message),
    });
  });
});
