/** The operations as one caller makes them: whatever calls them for it, none is reached that its scopes do not say. */
import { expect, it } from 'vitest';
import { callNamed, callsBy, callsOf } from '../../src/domain/calls.ts';
import { type OperationName, operations } from '../../src/domain/operations.ts';
import { SCOPES, SCOPES_OF, type Scope } from '../../src/domain/scopes.ts';

const HOLDERS: readonly (readonly Scope[])[] = [[], ['agent'], ...Object.values(SCOPES_OF), SCOPES];
const names = Object.keys(operations) as OperationName[];

it.each(HOLDERS)('with %j', async (...scopes) => {
  const caller = { name: 'ci', scopes };
  const reached: unknown[] = [];
  const calls = callsOf(
    caller,
    callsBy((name) => async (input, by) => reached.push({ name, input, by })),
  );
  for (const name of names) {
    // No operation is asked for what it takes: the caller is looked at before that.
    const input = {} as never;
    reached.length = 0;
    if (scopes.includes(operations[name].scope)) {
      await callNamed(calls, name)(input);
      expect(reached).toEqual([{ name, input, by: caller }]);
    } else {
      await expect(callNamed(calls, name)(input)).rejects.toMatchObject({ code: 'forbidden' });
      expect(reached).toEqual([]);
    }
  }
});
