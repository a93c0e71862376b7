/** Masks what leaves a step: in what it throws, and in what an attempt tells. */
import { type Mask, maskAll } from '../domain/mask.ts';
import type { TaskRef } from '../domain/steps.ts';
import type { AgentChoice } from '../domain/task-spec.ts';
import type { ActivityDeps } from './deps.ts';
import type { AttemptLog } from './ports/storage-port.ts';
import type { VariablesNow } from './ports/variables-port.ts';

type Given = { readonly agent?: AgentChoice };

/** Of everything that is secret for a step. */
export const maskFor = (deps: Pick<ActivityDeps, 'variables'>, input: Given): Mask =>
  variablesFor(deps, input).mask;

/** The same, with the environment that it is the mask of. */
export const variablesFor = (
  { variables }: Pick<ActivityDeps, 'variables'>,
  { agent }: Given,
  texts: readonly string[] = [],
): VariablesNow => variables.now({ variables: agent?.env ?? [], texts });

/** The same input with a title that commits and pull requests may show. */
export const titleMasked = <I extends { readonly task: TaskRef }>(mask: Mask, input: I): I => ({
  ...input,
  task: { ...input.task, title: mask.text(input.task.title) },
});

/** The same error without secrets in its words and those of its causes: all of them go into history. */
export function maskError(mask: Mask, error: unknown): unknown {
  for (let at = error; at instanceof Error; at = at.cause) {
    at.message = mask.text(at.message);
    if (at.stack !== undefined) at.stack = mask.text(at.stack);
  }
  return error;
}

export const maskedLog = (mask: Mask, log: AttemptLog): AttemptLog => ({
  ...log,
  write: (line) => log.write(maskAll(mask, line)),
});
