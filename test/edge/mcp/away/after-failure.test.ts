/** What follows from a failed call: every kind at every try, and from which errors each kind comes. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../../src/domain/failures.ts';
import { UnknownExecution } from '../../../../src/edge/compat/loop/finding.ts';
import { OtherVersion, Unreachable } from '../../../../src/edge/http/exchange.ts';
import { afterFailure, type FailureKind } from '../../../../src/edge/mcp/away/after-failure.ts';
import { errorIn, kindOfCode, kindOfError } from '../../../../src/edge/mcp/away/failure-kind.ts';
import { ToldNothing } from '../../../../src/edge/mcp/waiting.ts';

const DELAYS = [5_000, 10_000];
const [ask, answer] = [{ act: 'ask' }, { act: 'answer' }];
const wait = (ms: number) => ({ act: 'wait', ms });

const [R, S, E, U, A]: readonly FailureKind[] = [
  'refused',
  'silent',
  'server_error',
  'unknown_execution',
  'answered',
];

it.each<readonly [failures: readonly (FailureKind | undefined)[], next: object]>([
  [[R], wait(5_000)],
  [[R, R], wait(10_000)],
  [[R, R, R], ask],
  [[S], wait(5_000)],
  [[S, S], wait(10_000)],
  [[S, S, S], ask],
  [[E], wait(5_000)],
  [[E, E], wait(10_000)],
  [[E, E, E], ask],
  [[R, S, E], ask],
  [[U], wait(5_000)],
  [[U, U], answer],
  // An engine that is back may still read its executions.
  [[R, U], wait(10_000)],
  [[R, U, U], answer],
  [[R, R, U], answer],
  [[U, R], wait(10_000)],
  [[A], answer],
  [[R, A], answer],
  [[R, R, A], answer],
])('%j is followed by %j', (failures, next) => {
  expect(afterFailure(failures as FailureKind[], DELAYS)).toEqual(next);
});

it('waits before each further try as long as it is told, and asks after the last', () => {
  expect(afterFailure(['refused'], [0])).toEqual(wait(0));
  expect(afterFailure(['refused', 'refused'], [0])).toEqual(ask);
  expect(afterFailure(['refused', 'refused', 'refused'], [1, 2, 3])).toEqual(wait(3));
});

describe('the kind of a failure', () => {
  const timeout = new DOMException('no answer in time', 'TimeoutError');
  it.each<readonly [what: string, error: unknown, kind: FailureKind]>([
    ['nobody listens', new Unreachable('refused', { cause: new Error('ECONNREFUSED') }), 'refused'],
    ['something else listens there', new Unreachable('no JSON', { status: 200 }), 'refused'],
    ['silence', new Unreachable('no answer in time', { cause: timeout }), 'silent'],
    ...[500, 502, 503, 504].map(
      (status) => [`a proxy's ${status}`, new Unreachable('', { status }), 'server_error'] as const,
    ),
    ["a proxy's 404", new Unreachable('', { status: 404 }), 'unknown_execution'],
    ["a proxy's 400", new Unreachable('', { status: 400 }), 'answered'],
    ["a proxy's 401", new Unreachable('', { status: 401 }), 'answered'],
    ['no engine could be started', new PawlError('unavailable', 'it did not start'), 'server_error'],
    ['a bug of the engine', new PawlError('internal', 'a bug'), 'server_error'],
    ['a wait that lasted as long as it may', new ToldNothing('a' as never), 'answered'],
    ['another version', new OtherVersion('unavailable', 'another form'), 'answered'],
    ['an execution that is not there', new UnknownExecution('executionId', 'x_a'), 'unknown_execution'],
    ['a task that is not there', new PawlError('not_found', 'no task'), 'answered'],
    ['a wrong input', new PawlError('invalid_input', 'no'), 'answered'],
    ['a conflict', new PawlError('conflict', 'no'), 'answered'],
    ['a condition', new PawlError('precondition', 'no'), 'answered'],
    ['what is forbidden', new PawlError('forbidden', 'no'), 'answered'],
    ['a bug of the adapter', new TypeError('undefined is not a function'), 'answered'],
  ])('of %s', (_, error, kind) => {
    expect(kindOfError(error)).toBe(kind);
  });

  it('is the same where the engine carried the tool out', () => {
    const said = (code: string) => ({
      isError: true,
      structuredContent: { code, message: 'so' },
      content: [],
    });
    expect(errorIn(said('unavailable'))).toMatchObject({ code: 'unavailable', message: 'so' });
    expect(errorIn({ ...said('unavailable'), isError: false })).toBeUndefined();
    expect(errorIn({ structuredContent: { code: 'internal', message: '' } })).toBeUndefined();
    for (const code of ['unavailable', 'internal']) expect(kindOfCode(code)).toBe('server_error');
    for (const code of ['not_found', 'invalid_input', '']) expect(kindOfCode(code)).toBe('answered');
  });
});
