/** Bytes of a query that are no text: read as such they would be another one. */
import { expect, it } from 'vitest';
import { fakeEngine } from '../cli/fake-engine.ts';
import { appOn, call } from './call.ts';

it('refuses them by what was expected, and takes the character that stands for such bytes elsewhere', async () => {
  const engine = fakeEngine({});
  const app = appOn(engine);
  expect(await call(app, '/api/tasks?text=%ff')).toMatchObject({
    status: 422,
    body: { error: { code: 'invalid_input', message: 'expected a query in UTF-8, got bytes that are none' } },
  });
  await call(app, '/api/tasks?text=%EF%BF%BD');
  expect(engine.calls).toMatchObject([{ name: 'list', input: { text: '\uFFFD' } }]);
});
