/** Making all operations at once from one rule, such as one that stands around each of another engine's. */
import { boundInput } from './attempt-calls.ts';
import { type Calls, type InputOf, type OperationName, operations } from './operations.ts';
import type { Caller } from './scopes.ts';

/** One of them, for a rule that is the same whichever it is. */
export type AnyCall = (input: InputOf<OperationName>, caller?: Caller) => Promise<unknown>;

/** One function a row: the table and the type are made from the same rows, which zod's union over them cannot say. */
export function callsBy(make: (name: OperationName) => AnyCall): Calls {
  const names = Object.keys(operations) as OperationName[]; // the table's own keys
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Calls;
}

export const callNamed = (calls: Calls, name: OperationName): AnyCall => calls[name] as AnyCall;

/**
 * The same calls as this caller makes them, whatever makes them for it: a route, a tool, a durable task, an answer in a prompt.
 * @throws PawlError `forbidden` for a call that the caller may not make; it is not made
 */
export const callsOf = (caller: Caller, calls: Calls): Calls =>
  callsBy((name) => async (input) => {
    const bound = await boundInput(caller, name, input, calls);
    return callNamed(calls, name)(bound, caller);
  });
