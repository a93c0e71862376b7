/** What of a run is its caller's own and would be started, or lets an agent start what it likes. Pure. */
import { digestOf } from './digest.ts';
import type { RunInput } from './operation-schemas.ts';

type Brought = Pick<RunInput, 'agent' | 'checks' | 'setup' | 'copy' | 'policy'>;

/**
 * The fields, as the caller wrote them, that bring a program into a run, or a file of the user's that git ignores, or take a program
 * of the repository's out of it: given checks replace those of `pawl.yaml`, also where there are none. Whatever remains is named
 * by the engine or the repository.
 */
export const ownProgramsIn = (run: Brought): readonly string[] => ownPartsOf(run).map(([part]) => part);

/** The same by a digest of the field and what it brings, so that another program in the same field is another one. */
export const programDigestsIn = (run: Brought): readonly string[] => ownPartsOf(run).map(digestOf);

function ownPartsOf({
  agent,
  checks,
  setup,
  copy,
  policy,
}: Brought): readonly (readonly [string, unknown])[] {
  const parts = {
    'agent.command': agent?.command,
    'agent.env': agent?.env,
    checks,
    setup,
    copy,
    'policy.permissions: allow': policy?.permissions === 'allow' ? true : undefined,
  };
  return Object.entries(parts).filter(([, given]) => given !== undefined);
}
