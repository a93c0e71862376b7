/** The operations as one caller makes them: whatever calls them for it, none is reached that its scopes do not say. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callNamed, callsBy, callsOf } from '../../src/domain/calls.ts';
import { type OperationName, operations } from '../../src/domain/operations.ts';
import { SCOPES, SCOPES_OF, type Scope } from '../../src/domain/scopes.ts';
import { valid } from '../edge/http/arbitrary.ts';

const HOLDERS: readonly (readonly Scope[])[] = [[], ['agent'], ...Object.values(SCOPES_OF), SCOPES];
const names = Object.keys(operations) as OperationName[];

it.each(HOLDERS)('with %j', async (...scopes) => {
  const caller = { name: 'ci', scopes };
  const reached: unknown[] = [];
  const calls = callsOf(
    caller,
    callsBy((name) => async (input, context) => reached.push({ name, input, context })),
  );
  for (const name of names) {
    const [input] = fc.sample(valid(operations[name].input), 1);
    reached.length = 0;
    if (scopes.includes(operations[name].scope)) {
      await callNamed(calls, name)(input, { key: 'k', caller: { name: 'ann', scopes: SCOPES } });
      const parsed = operations[name].input.parse(input);
      expect(reached).toEqual([{ name, input: parsed, context: { key: 'k', caller } }]);
    } else {
      // The caller is looked at before what it sends.
      await expect(callNamed(calls, name)({})).rejects.toMatchObject({ code: 'forbidden' });
      expect(reached).toEqual([]);
    }
  }
});
