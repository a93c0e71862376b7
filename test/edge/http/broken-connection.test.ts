/** A connection that breaks before the answer: what was asked may have been taken, and whoever asked is told how to look. */
import { expect, it } from 'vitest';
import { ExecutionId } from '../../../src/domain/ids.ts';
import { createApiClient } from '../../../src/edge/http/api-client.ts';
import { createPooledFetch } from '../../../src/edge/http/pooled-fetch.ts';
import { TOKEN } from './call.ts';
import { farOf, nowhere, one, strangerOn, unavailable } from './far-engine.ts';

const breaking = () => strangerOn((request) => request.socket.destroy());

it.each([
  ['fetch', undefined],
  ['connections of its own', createPooledFetch()],
])('over %s', async (_, fetch) => {
  const far = createApiClient({ api: await breaking(), token: TOKEN, ...(fetch && { fetch }) });
  const error = await far.approve({ id: one }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject(
    unavailable(
      /broke before it answered: it may have taken what was asked, `pawl show one` tells; .*pawl up -d/,
    ),
  );
  expect(String(error)).not.toMatch(/UND_ERR|ECONNRESET|cannot be reached/);
});

it('names the execution, and nothing where there is nothing to show', async () => {
  const api = await breaking();
  const far = () => createApiClient({ api, token: TOKEN });
  const id = ExecutionId.parse('x_one');
  await expect(far().decideGate({ id, gate: 'g', decision: 'approve' })).rejects.toThrow(
    /`pawl show x_one` tells/,
  );
  await expect(far().open({ directory: '/there' })).rejects.toThrow(
    /taken what was asked, look before you ask again/,
  );
});

it('says of a read only that there was no answer', async () => {
  const api = await breaking();
  const error = await createApiClient({ api, token: TOKEN })
    .show({ id: one })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject(unavailable(/cannot be reached \(the connection broke\): is it up\?/));
});

it('says where nobody was reached that nobody was reached', async () => {
  await expect(farOf(await nowhere()).approve({ id: one })).rejects.toMatchObject(
    unavailable(/cannot be reached \(ECONNREFUSED\): is it up\?/),
  );
});
