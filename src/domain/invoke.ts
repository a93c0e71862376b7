/** The one place where untrusted input becomes a typed call: every edge and the script client go through it. */
import { PawlError } from './failures.ts';
import { type Calls, type InputOf, type OperationName, type OutputOf, operations } from './operations.ts';

/** @throws PawlError `invalid_input` with the path and the expectation of every problem, never a value */
export async function invoke<N extends OperationName>(
  calls: Calls,
  name: N,
  raw: unknown,
): Promise<OutputOf<N>> {
  const parsed = operations[name].input.safeParse(raw);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || name}: ${message}`);
    throw new PawlError('invalid_input', problems.join('; '), {
      details: parsed.error.issues.map(({ path }) => path),
    });
  }
  // The row's own schema made it; zod's union over rows cannot say so.
  return calls[name](parsed.data as InputOf<N>);
}
