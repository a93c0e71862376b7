/**
 * Who may have what run. Who may decide brings programs of their own, and by running somewhere vouches for that repository
 * and base branch: for the agents, checks and set-up that the `pawl.yaml` there names. Everybody else runs only there.
 */
import { digestOfText } from '../domain/digest.ts';
import type { Documents } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import { ownProgramsIn } from '../domain/own-programs.ts';
import { type Caller, mayDo, nameOf } from '../domain/scopes.ts';

export interface RunPermissionDeps {
  readonly documents: Pick<Documents, 'vouchedBases'>;
  readonly now: () => Date;
}

/** Real path of a repository's top folder, and a branch of it. */
interface Base {
  readonly repository: string;
  readonly base: string;
}

/** @throws PawlError `forbidden` naming each part that the caller may not bring */
export function refuseOwnPrograms(caller: Caller, input: Parameters<typeof ownProgramsIn>[0]): void {
  const parts = mayDo(caller, 'approve') ? [] : ownProgramsIn(input);
  if (parts.length === 0) return;
  throw new PawlError(
    'forbidden',
    `${parts.join(', ')}: expected a token with the scope approve, got the token ${nameOf(caller)}; leave it out and let pawl.yaml of the base branch name agents, checks and set-up, or let somebody who may approve run this`,
    { details: parts.map((part) => part.replace(/:.*/, '').split('.')) },
  );
}

/** @throws PawlError `forbidden` where nobody who may approve has run on this base yet */
export async function needVouched(
  { documents }: RunPermissionDeps,
  caller: Caller,
  where: Base,
): Promise<void> {
  if (mayDo(caller, 'approve')) return;
  if ((await documents.vouchedBases.read(keyOf(where))) !== undefined) return;
  throw new PawlError(
    'forbidden',
    `expected a repository and base branch on which somebody who may approve has run before, got ${where.repository} on ${where.base} and the token ${nameOf(caller)}; one \`pawl run\` there by the local user, or with a token of the scope approve, opens it to others`,
    { details: [['repository'], ['base']] },
  );
}

/** The run of a caller who may approve opens its base to others. Idempotent. */
export async function vouch(
  { documents, now }: RunPermissionDeps,
  caller: Caller,
  where: Base,
): Promise<void> {
  if (!mayDo(caller, 'approve')) return;
  const { vouchedBases } = documents;
  if ((await vouchedBases.read(keyOf(where))) !== undefined) return;
  const { repository, base } = where;
  await vouchedBases.put(keyOf(where), { repository, base, by: caller.name, at: now().toISOString() });
}

const keyOf = ({ repository, base }: Base): string =>
  digestOfText(JSON.stringify([repository, base])).slice('sha256:'.length);
