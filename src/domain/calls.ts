/** The door of the engine, and making all operations at once from one rule, such as one that stands around each of them. */
import { boundInput, needCall } from './attempt-calls.ts';
import type { CallContext } from './idempotency-key.ts';
import {
  type Calls,
  type EngineApi,
  type EngineClient,
  type Handlers,
  type InputOf,
  type OperationName,
  operations,
} from './operations.ts';
import { parseInput } from './parse-input.ts';
import { type Caller, needScope } from './scopes.ts';

/** One of them, for a rule that is the same whichever it is. */
export type AnyCall = (input: unknown, context?: CallContext) => Promise<unknown>;

/** One function a row: the table and the type are made from the same rows, which zod's union over them cannot say. */
export function callsBy(make: (name: OperationName) => AnyCall): Calls {
  const names = Object.keys(operations) as OperationName[]; // the table's own keys
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Calls;
}

export const callNamed = (calls: Handlers, name: OperationName): AnyCall => calls[name] as AnyCall;

/**
 * The door: the same operations as this caller makes them, whatever makes them for it (a route, a tool, a durable task, an
 * answer in a prompt). The one place where untrusted input becomes a typed call.
 * @throws PawlError `forbidden` for a call that the caller may not make, `invalid_input` as `parseInput` tells it; it is not made
 */
export const callsOf = (caller: Caller, handlers: Handlers): Calls =>
  callsBy((name) => async (input, context) => {
    // Who may not call it learns nothing of what it takes.
    needCall(caller, name);
    // The row's own schema made it; zod's union over rows cannot say so.
    const parsed = parseInput(name, operations[name].input, input) as InputOf<OperationName>;
    const bound = await boundInput(caller, name, parsed, handlers);
    return callNamed(handlers, name)(bound, { ...context, caller });
  });

/** The engine of this process, as this caller asks it. */
export const clientOf = (caller: Caller, engine: EngineApi): EngineClient => ({
  ...callsOf(caller, engine),
  news(...asked) {
    needScope(caller, 'read');
    return engine.news(...asked);
  },
  executionStates(...asked) {
    needScope(caller, 'read');
    return engine.executionStates(...asked);
  },
  events(...asked) {
    needScope(caller, 'read');
    return engine.events(...asked);
  },
});
