/** What Temporal cannot do now is told as such; a bug stays a bug. */
import { describe, expect, it } from 'vitest';
import { answeringFor } from '../../src/client/temporal-errors.ts';
import { PawlError } from '../../src/domain/failures.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { Calls } from '../../src/domain/operations.ts';

const grpc = (code: number) => Object.assign(new Error(`${code}`), { code, details: 'busy', metadata: {} });
const failing = (error: unknown): Calls => new Proxy({} as Calls, { get: () => () => Promise.reject(error) });

const wrapped = (code: number) => Object.assign(new Error('Failed to query'), { cause: grpc(code) });

it.each([1, 4, 8, 9, 10, 14])(
  'gRPC status %s is unavailable, also as the cause of an error',
  async (code) => {
    for (const error of [grpc(code), wrapped(code)]) {
      const told = answeringFor(failing(error)).vitals({});
      await expect(told).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('busy'),
      });
    }
  },
);

it.each([
  ['a status that does not pass', grpc(3)],
  ['an answer', new PawlError('conflict', 'no')],
  ['one that is a cause', wrapped(3)],
  ['a bug', new TypeError('x')],
])('%s stays what it is', async (_, error) => {
  await expect(answeringFor(failing(error)).vitals({})).rejects.toBe(error);
});

describe('a call that changes something and was not answered in time', () => {
  const calls = answeringFor(failing(grpc(4)));
  const asked = { id: TaskId.parse('told'), note: 'once' };
  it('may have counted: look first', async () => {
    await expect(calls.update(asked)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /may have taken what was asked, `pawl show told` tells.*Idempotency-Key/,
      ),
    });
    await expect(calls.remove({} as never)).rejects.toThrow('look before you ask again');
  });
  it.each([
    ['under a key', () => calls.update(asked, { key: 'k' })],
    ['with an id of its own', () => calls.update({ ...asked, messageId: 'm' })],
  ])('is sent again as it is %s', async (_, call) => {
    await expect(call()).rejects.toThrow('send the same once more in a moment, and it counts once');
  });
  it('has not counted where the server refused it', async () => {
    await expect(answeringFor(failing(grpc(8))).update(asked)).rejects.toThrow('could not do it now (busy)');
  });
});

it('says why also where the server said nothing', async () => {
  const error = Object.assign(new Error('Timeout expired'), { code: 1, details: '', metadata: {} });
  await expect(answeringFor(failing(error)).vitals({})).rejects.toThrow('now (Timeout expired): try again');
});
