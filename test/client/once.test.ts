/** Calls under a key: what is kept of them, what is not, and how often the disk is waited for. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createOnce, type Once, withKeys } from '../../src/client/once.ts';
import { callNamed, callsBy } from '../../src/domain/calls.ts';
import { PawlError } from '../../src/domain/failures.ts';
import {
  type CallContext,
  holderOf,
  IdempotencyKey,
  keyIdOf,
  noted,
  partOfKey,
} from '../../src/domain/idempotency-key.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { Durability, KeptCalls } from '../../src/domain/kept-call.ts';
import { type OperationName, operations } from '../../src/domain/operations.ts';
import { attemptCaller, localCaller } from '../../src/domain/scopes.ts';
import { keptInMemory } from '../edge/kept-in-memory.ts';

let memory: ReturnType<typeof keptInMemory>;
let written: Durability[];
let once: Once;
beforeEach(() => {
  memory = keptInMemory();
  written = [];
  const kept: KeptCalls = {
    ...memory.kept,
    put: (call, durability) => {
      written.push(durability);
      return memory.kept.put(call, durability);
    },
  };
  once = createOnce(kept);
});
const scope = { caller: 'ann', session: 's', key: 'k' };
const flushes = () => written.filter((durability) => durability === 'flushed').length;
const refuse = (code: 'conflict' | 'unavailable' | 'internal') => async () => {
  throw new PawlError(code, 'not now');
};

describe('a call', () => {
  it('is made once, and flushed once', async () => {
    let made = 0;
    const call = () => once(scope, 'asked', async () => ({ made: ++made }));
    expect([await call(), await call()]).toEqual([{ made: 1 }, { made: 1 }]);
    expect(flushes()).toBe(1);
  });

  it('that looks before it acts is flushed once as well', async () => {
    const call = () =>
      once(scope, 'asked', async (keyed) => ({
        before: await noted(keyed, async () => ({ status: 'open' })),
      }));
    expect(await call()).toEqual({ before: { status: 'open' } });
    expect(written).toEqual(['flushed', 'written']);
  });

  it.each([1, 2])('goes on from what it found at first, when its answer was lost %i times', async (times) => {
    let status = 'open';
    const call = () =>
      once(scope, 'asked', async (keyed) => {
        const before = await noted(keyed, async () => ({ status }));
        status = 'closed';
        return { before };
      });
    memory.lost = times;
    for (let time = 0; time < times; time += 1)
      await expect(call()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await call()).toEqual({ before: { status: 'open' } });
    expect(flushes()).toBe(1);
  });

  it('is another one with another caller, session or key', async () => {
    const others = [scope, { ...scope, caller: 'ben' }, { ...scope, session: 't' }, { ...scope, key: 'l' }];
    let made = 0;
    for (const other of others) await once(other, 'asked', async () => ++made);
    expect(made).toBe(others.length);
    // Nobody comes to the key of another by what they write into theirs.
    expect(keyIdOf({ caller: 'a', session: 'b","c', key: 'd' })).not.toBe(
      keyIdOf({ caller: 'a', session: 'b', key: 'c","d' }),
    );
  });

  it('of two at once one acts, and both are answered the same', async () => {
    let made = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const call = () =>
      once(scope, 'asked', async () => {
        await promise;
        return ++made;
      });
    const both = [call(), call()];
    resolve();
    expect(await Promise.all(both)).toEqual([1, 1]);
  });
});

it('an attempt has keys of its own, which no other run of its task has', () => {
  const attempt = { task: TaskId.parse('fix'), number: 1, variables: [] };
  const [first, later] = ['a', 'b'].map((token) => holderOf(attemptCaller({ ...attempt, token })));
  expect(first).not.toBe(later);
  expect(holderOf(localCaller('ann'))).toBe('ann');
});

describe('a key', () => {
  it('that was used is a conflict for another call, which is not made', async () => {
    await once(scope, 'asked', async () => 1);
    const other = once(scope, 'asked otherwise', () => expect.fail('it was made'));
    await expect(other).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/choose a new key/),
    });
  });

  it('is free after a refusal, also where something was noted', async () => {
    const call = (act: () => Promise<unknown>) =>
      once(scope, act, async (keyed) => {
        await noted(keyed, async () => ({ a: 1 }));
        return act();
      });
    await expect(call(refuse('conflict'))).rejects.toThrow('not now');
    expect(memory.calls.size).toBe(0);
  });

  it.each(['unavailable', 'internal'] as const)('keeps no answer %s, and what was noted', async (code) => {
    let found = 'first';
    const call = (act: () => Promise<unknown>) =>
      once(scope, 'asked', async (keyed) => {
        const before = await noted(keyed, async () => found);
        await act();
        return before;
      });
    await expect(call(refuse(code))).rejects.toThrow('not now');
    found = 'second';
    expect(await call(async () => undefined)).toBe('first');
  });

  it.each([
    ['k', true],
    ['a key, of words: "ü"', false],
    ['a b', true],
    ['', false],
    [' a', false],
    ['a\nb', false],
    ['x'.repeat(200), true],
    ['x'.repeat(201), false],
  ])('%j is one: %s', (text, isOne) => {
    expect(IdempotencyKey.safeParse(text).success).toBe(isOne);
  });

  it('of a part has the same session', () => {
    expect(partOfKey({ key: 'k', session: 's' }, 'cancel/one')).toEqual({
      key: 'k/cancel/one',
      session: 's',
    });
    expect(partOfKey({ session: 's' }, 'cancel/one')).toEqual({});
  });
});

describe.each(Object.keys(operations) as OperationName[])('%s', (name) => {
  const { method } = operations[name];
  const takes = method !== 'GET' && !('keyless' in operations[name]);

  it(`${takes ? 'takes' : 'refuses'} a key`, async () => {
    const contexts: (CallContext | undefined)[] = [];
    const calls = withKeys(
      callsBy(() => async (_, context) => contexts.push(context)),
      once,
      localCaller('ann'),
    );
    const call = (context?: CallContext) => callNamed(calls, name)({} as never, context);
    await call();
    expect(contexts.pop()?.keyed).toBeUndefined();
    if (takes) {
      await call({ key: 'k', session: 's' });
      expect(contexts.pop()?.keyed?.id).toBe(keyIdOf({ caller: 'ann', session: 's', key: 'k' }));
      return;
    }
    const refused = {
      code: 'invalid_input',
      message: expect.stringMatching(/^Idempotency-Key: expected none with /),
    };
    await expect(call({ key: 'k' })).rejects.toMatchObject(refused);
    expect(contexts).toEqual([]);
  });
});
