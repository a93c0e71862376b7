/** Making all operations at once from one rule, such as one that stands around each of another engine's. */
import { type Calls, type InputOf, type OperationName, operations } from './operations.ts';

/** One of them, for a rule that is the same whichever it is. */
export type AnyCall = (input: InputOf<OperationName>) => Promise<unknown>;

/** One function a row: the table and the type are made from the same rows, which zod's union over them cannot say. */
export function callsBy(make: (name: OperationName) => AnyCall): Calls {
  const names = Object.keys(operations) as OperationName[]; // the table's own keys
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Calls;
}

export const callNamed = (calls: Calls, name: OperationName): AnyCall => calls[name] as AnyCall;
