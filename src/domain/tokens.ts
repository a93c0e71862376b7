/** Tokens with a name: what is kept of one, which is never the token itself, and how long it lasts. Pure. */
import { z } from 'zod';
import { TokenScope } from './scopes.ts';

export const TokenName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: 'expected 1 to 63 of a-z, 0-9 and -, such as ci-server' });

/** What the list shows of a token. */
export const NamedToken = z.object({
  name: TokenName,
  scope: TokenScope,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
});
export type NamedToken = z.infer<typeof NamedToken>;

/** The id tells a token from an older one of the same name. */
export const KeptToken = NamedToken.extend({ id: z.string().min(1) });
export type KeptToken = z.infer<typeof KeptToken>;

/** What a token itself says, under its seal. */
export const SealedToken = KeptToken.omit({ revokedAt: true }).strict();
export type SealedToken = z.infer<typeof SealedToken>;

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const;
const DAYS_MAX = 3_650;

/** `30d`, `12h`, `90m`. */
export const Lifetime = z
  .string()
  .refine((text) => lifetimeMs(text) > 0 && lifetimeMs(text) <= DAYS_MAX * UNIT_MS.d, {
    error: `expected how long the token lasts, such as 90m, 12h or 30d, at most ${DAYS_MAX}d`,
  });

/** 0 for a text that is none. */
export function lifetimeMs(text: string): number {
  const [, count = '0', unit = 'm'] = /^(\d{1,9})([mhd])$/.exec(text) ?? [];
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]; // as the pattern has it
}

/** Why a token under the seal of this home is not taken; undefined when it is. */
export function problemWithToken(
  { name, id, scope, expiresAt }: SealedToken,
  kept: KeptToken | undefined,
  now: Date,
): string | undefined {
  const differs = kept?.scope !== scope || kept.expiresAt !== expiresAt;
  return (
    problemWithKept({ name, id }, kept) ??
    (differs
      ? `the token ${name} does not say of itself what this home keeps of it (its scope and its end): revoke it and make another`
      : problemOfEnd({ name, expiresAt }, now))
  );
}

/** Why what was made with a token is not taken any more; undefined while it is. */
export const problemWithMadeBy = (
  token: Pick<KeptToken, 'name' | 'id'>,
  kept: KeptToken | undefined,
  now: Date,
): string | undefined => problemWithKept(token, kept) ?? (kept && problemOfEnd(kept, now));

function problemWithKept(
  { name, id }: Pick<KeptToken, 'name' | 'id'>,
  kept: KeptToken | undefined,
): string | undefined {
  if (kept === undefined) return `the token ${name} is not in the list of this home`;
  if (kept.id !== id) return `the token ${name} was replaced by a newer one of its name`;
  return kept.revokedAt && `the token ${name} was revoked at ${kept.revokedAt}`;
}

const problemOfEnd = (
  { name, expiresAt }: Pick<KeptToken, 'name' | 'expiresAt'>,
  now: Date,
): string | undefined => (isOver(expiresAt, now) ? `the token ${name} expired at ${expiresAt}` : undefined);

/** Whether nobody can use the token of this name any more, so that the name may be given again. */
export const isFree = (kept: KeptToken | undefined, now: Date): boolean =>
  kept === undefined || kept.revokedAt !== undefined || isOver(kept.expiresAt, now);

const isOver = (expiresAt: string | undefined, now: Date): boolean =>
  expiresAt !== undefined && expiresAt <= now.toISOString();
