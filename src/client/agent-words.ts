/** What an agent says under the token of its attempt may hold what it was given by name: it is masked before anything keeps it. */
import { type MaskNow, maskAll } from '../domain/mask.ts';
import type { InputOf } from '../domain/operations.ts';
import type { Caller } from '../domain/scopes.ts';

/** The mask for what this caller says. */
export function maskFor(mask: MaskNow, { attempt }: Partial<Caller> = {}): MaskNow {
  if (attempt === undefined) return mask;
  return () =>
    mask({
      variables: attempt.variables,
      texts: [attempt.token, ...(attempt.sealed === undefined ? [] : [attempt.sealed])],
    });
}

/** A plan as it is kept: that of a person or client as it is, because who works on it needs every word. */
export function plannedBy(
  caller: Caller | undefined,
  input: InputOf<'create'>,
  mask: MaskNow,
): InputOf<'create'> {
  if (caller?.attempt === undefined) return input;
  const { title, description, context, effort } = input;
  const words = {
    ...{ title, description },
    ...(context === undefined ? {} : { context }),
    ...(effort === undefined ? {} : { effort }),
  };
  return { ...input, ...maskAll(maskFor(mask, caller)(), words, 'names too') };
}
