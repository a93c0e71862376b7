/** What an agent says under the token of its attempt is kept without what it was given. */
import { expect, it } from 'vitest';
import { plannedBy } from '../../src/client/agent-words.ts';
import { createMask, type MaskNow } from '../../src/domain/mask.ts';
import { operations } from '../../src/domain/operations.ts';
import { AttemptRef, attemptCaller } from '../../src/domain/scopes.ts';

const mask: MaskNow = ({ texts = [] } = {}) => createMask(['hunter2-is-a-password', ...texts]);

it('in every word of a plan, the whole token as well', () => {
  const attempt = {
    task: 'own',
    run: 'r',
    number: 1,
    token: 'fencing-token',
    variables: [],
    sealed: 'pawl_a.fencing-token.mac',
  };
  const caller = attemptCaller(AttemptRef.parse(attempt));
  const said = 'hunter2-is-a-password and pawl_a.fencing-token.mac';
  const input = operations.create.input.parse({
    ...{ id: 'part', title: said, description: said, effort: said, context: { a: [said] } },
  });
  const planned = JSON.stringify(plannedBy(caller, input, mask));
  expect(planned).not.toMatch(/hunter2|pawl_a|fencing|mac/);
  expect(plannedBy(undefined, input, mask)).toBe(input);
});
