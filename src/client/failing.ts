/** What a caller is told of a task whose workflow task fails: not that nobody answered, but why, and what is done about it. */
import { callNamed, callsBy } from '../domain/calls.ts';
import type { Failing } from '../domain/engine-vitals.ts';
import { PawlError } from '../domain/failures.ts';
import type { Handlers } from '../domain/operations.ts';
import { nounOf } from './run-of.ts';

/**
 * The same calls.
 * @param failing the tasks that are known to fail now
 * @throws PawlError `unavailable` with the remedy, where a call about one of them was not answered
 */
export function tellingWhatFails(calls: Handlers, failing: () => readonly Failing[]): Handlers {
  return callsBy((name) => (input, context) => {
    const about: unknown = Object(input).id;
    return callNamed(calls, name)(input, context).catch((error: unknown) => {
      const found = failing().find(({ id }) => id === about);
      const isUnanswered = error instanceof PawlError && error.code === 'unavailable';
      if (!isUnanswered || found === undefined) throw error;
      const { id, since, problem, remedy } = found;
      throw new PawlError(
        'unavailable',
        `${nounOf(id)} ${id} can neither be asked nor told anything since ${since} (${problem}): ${remedy}`,
        { cause: error },
      );
    });
  });
}
