/** Who may tell, and what: whatever else comes is refused, and nothing of it is taken. */
import { afterEach, expect, it } from 'vitest';
import { TaskId } from '../../../src/domain/ids.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { SCOPES_OF } from '../../../src/domain/scopes.ts';
import { callersOf, lesserToken } from '../../../src/edge/http/authentication.ts';
import { workerPath } from '../../../src/edge/http/worker-routes.ts';
import { toldEngine } from '../../worker/told-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { call, TOKEN } from './call.ts';

const WORKER = crypto.randomUUID();
const NEWS = workerPath(WORKER, 'news');
const QUESTIONS = workerPath(WORKER, 'questions');
const AT = '2026-01-02T03:04:05.000Z';

/** Every scope that a token can be made for. */
const named = async (token: string) =>
  token in SCOPES_OF
    ? { name: token, scopes: SCOPES_OF[token as keyof typeof SCOPES_OF] }
    : { problem: 'the token is not one of this engine' };
const callerOf = callersOf({ token: TOKEN, name: 'ann' }, named);

const open: AbortController[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.abort();
});

async function world() {
  const engine = toldEngine([WORKER], { callerOf });
  const leave = new AbortController();
  open.push(leave);
  const questions = engine.publishers.listen(WORKER, leave.signal);
  const begun = (await questions.next()).value;
  const session = begun?.type === 'begun' ? begun.session : '';
  const states = [{ state: HAPPY.working, startedAt: AT, moment: { run: AT, events: 3 } }];
  return { ...engine, news: { session, number: 1, states, executions: [], outputs: [], steps: [] } };
}

it('takes news of the local user', async () => {
  const { app, told, news } = await world();
  expect(await call(app, NEWS, { method: 'POST', body: news })).toMatchObject({ status: 204, text: '' });
  expect(told).toEqual(['anew', HAPPY.working.id]);
});

const TOKENS: readonly (readonly [string, string | undefined, number])[] = [
  ['none', undefined, 401],
  ['one of another engine', 'Bearer somebody-elses-token', 401],
  ...['read', 'operate', 'approve'].map(
    (scope) => [`a named one that may ${scope}`, `Bearer ${scope}`, 403] as const,
  ),
  ['a lesser one of the local user', `Bearer ${lesserToken(TOKEN, 'operate')}`, 403],
];
it.each(TOKENS)('refuses a token: %s', async (_, authorization, status) => {
  const { app, told, news } = await world();
  const headers = { authorization: authorization ?? '' };
  expect(await call(app, NEWS, { method: 'POST', body: news, headers })).toMatchObject({ status });
  expect(await call(app, QUESTIONS, { headers })).toMatchObject({ status });
  expect(told).toEqual(['anew']);
});

it('takes a state as it is, however deep and with whatever in its texts', async () => {
  const { app, told, news } = await world();
  const context = JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`);
  const odd = { ...HAPPY.working, notes: ['half \ud800'], context };
  const states = [{ state: odd, startedAt: AT, moment: { run: AT, events: 3 } }];
  expect(await call(app, NEWS, { method: 'POST', body: { ...news, states } })).toMatchObject({ status: 204 });
  expect(told.at(-1)).toBe(`${HAPPY.working.id} half \ud800`);
});

it.each([
  ['no body', () => undefined],
  ['no JSON', () => '{'],
  ['a list', () => []],
  ['a key that nobody knows', (news: object) => ({ ...news, more: 1 })],
  ['a key __proto__', (news: object) => `{"__proto__":{},${JSON.stringify(news).slice(1)}`],
  ['no session', ({ session: _, ...news }: { session: string }) => news],
  ['number 0', (news: object) => ({ ...news, number: 0 })],
  [
    'a state that is none',
    (news: object) => ({ ...news, states: [{ state: {}, startedAt: AT, moment: { run: AT, events: 3 } }] }),
  ],
  [
    'a state of no moment',
    (news: object) => ({ ...news, states: [{ state: HAPPY.working, startedAt: AT }] }),
  ],
  [
    'a status that there is not',
    (news: object) => ({
      ...news,
      states: [{ state: { ...HAPPY.working, status: 'odd' }, startedAt: AT, moment: { run: AT, events: 3 } }],
    }),
  ],
  ['an id that is none', (news: object) => ({ ...news, steps: [{ id: '../x', runs: 1 }] })],
  ['fewer steps than none', (news: object) => ({ ...news, steps: [{ id: TaskId.parse('one'), runs: -1 }] })],
  [
    'too many at once',
    (news: object) => ({
      ...news,
      steps: Array.from({ length: LIMITS.newsPerMessageMax + 1 }, () => ({ id: 'one', runs: 1 })),
    }),
  ],
])('refuses %s, and the session goes on as it was', async (_, made) => {
  const { app, told, news } = await world();
  const answer = await call(app, NEWS, { method: 'POST', body: made(news) });
  expect(answer).toMatchObject({ status: 422, body: { error: { code: 'invalid_input' } } });
  expect(told).toEqual(['anew']);
  expect(await call(app, NEWS, { method: 'POST', body: news })).toMatchObject({ status: 204 });
});

it('refuses what is too long, is of another type or of another session', async () => {
  const { app, told, news } = await world();
  const post = (body: unknown, headers = {}) => call(app, NEWS, { method: 'POST', body, headers });
  expect(await post(new Uint8Array(LIMITS.newsBytesMax + 1))).toMatchObject({ status: 413 });
  expect(await post(news, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  const other = { ...news, session: crypto.randomUUID() };
  expect(await post(other)).toMatchObject({ status: 409 });
  const another = crypto.randomUUID();
  expect(await call(app, workerPath(another, 'news'), { method: 'POST', body: news })).toMatchObject({
    status: 409,
  });
  expect(await call(app, workerPath(another, 'questions'))).toMatchObject({ status: 412 });
  // No name leads out of the folder of the workers.
  const outside = workerPath('../engine', 'questions');
  expect(await call(app, outside)).toMatchObject({ status: 422 });
  expect(told).toEqual(['anew']);
});

it('is not there yet while the engine starts, nor where the worker is inside', async () => {
  const { app } = toldEngine([WORKER], { isUp: false });
  expect(await call(app, QUESTIONS)).toMatchObject({ status: 503 });
});
