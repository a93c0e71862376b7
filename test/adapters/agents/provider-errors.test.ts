import { expect, it } from 'vitest';
import { classOfStatus, retryAfterMsOf } from '../../../src/adapters/agents/provider-errors.ts';

it.each([
  [401, '', 'auth'],
  [403, '', 'auth'],
  [408, '', 'api_error'],
  [413, '', 'context_overflow'],
  [429, '', 'rate_limited'],
  [400, 'prompt is too long: 200001 tokens', 'context_overflow'],
  [400, 'no such model', 'invalid_output'],
  [529, 'overloaded', 'api_error'],
  [200, '', undefined],
] as const)('%s %s', (status, text, failureClass) => {
  expect(classOfStatus(status, text)).toBe(failureClass);
});

it('reads Retry-After as seconds or as a date', () => {
  expect(retryAfterMsOf('1.5', 0)).toBe(1_500);
  expect(retryAfterMsOf('Sat, 21 Nov 2026 09:00:10 GMT', Date.parse('2026-11-21T09:00:00Z'))).toBe(10_000);
  expect(retryAfterMsOf('soon', 0)).toBeUndefined();
});
