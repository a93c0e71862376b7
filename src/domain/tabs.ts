/** The dashboard in a tab of a browser: what a code gives, which a link brings, and how long. Pure. */
import { z } from 'zod';
import { type Caller, mayDo, SCOPES_OF, TokenScope } from './scopes.ts';

/** A person opens a link at once. */
const CODE_MS = 10 * 60_000;
/** A working day; then `pawl dashboard` again. */
const TAB_MS = 12 * 3_600_000;

/** Who a tab is, and what it may do: made for whoever asked for the link. */
export const TabHolder = z.strictObject({
  /** Of whoever asked: what is decided in the tab is recorded under it. */
  name: z.string().min(1),
  scope: TokenScope,
  /** Of the token with a name that the link was asked for with: the tab falls with it. */
  tokenId: z.string().optional(),
  /** When the token ends that the link was asked for with: the tab holds no longer. */
  until: z.iso.datetime().optional(),
  /** Where the program ran that asked for the link, as it said itself. */
  inside: z.string().optional(),
});
export type TabHolder = z.infer<typeof TabHolder>;

/** What the token of a tab says, under its seal. */
export const SealedTab = TabHolder.omit({ until: true }).extend({
  id: z.string().min(1),
  expiresAt: z.iso.datetime(),
});
export type SealedTab = z.infer<typeof SealedTab>;

/** What the page gets for its code. */
export const OpenedTab = z.object({
  token: z.string(),
  name: z.string(),
  scope: TokenScope,
  scopes: z.array(TokenScope),
  expiresAt: z.iso.datetime(),
});
export type OpenedTab = z.infer<typeof OpenedTab>;

/** The most that a tab of this caller may do: never what the local user alone may. */
export const highestScope = (caller: Caller): TokenScope =>
  TokenScope.options.findLast((scope) => mayDo(caller, scope)) ?? 'read';

/** @param scope one that the caller has */
export const holderFor = ({ name, tokenId, expiresAt, inside }: Caller, scope: TokenScope): TabHolder => ({
  name,
  scope,
  ...(tokenId !== undefined && { tokenId }),
  ...(expiresAt !== undefined && { until: expiresAt }),
  ...(inside !== undefined && { inside }),
});

export const callerOfTab = ({ name, scope, tokenId, expiresAt, inside }: SealedTab): Caller => ({
  name,
  scopes: SCOPES_OF[scope],
  expiresAt,
  ...(tokenId !== undefined && { tokenId }),
  ...(inside !== undefined && { inside }),
});

export const codeEnd = (holder: TabHolder, now: Date): string => endAfter(CODE_MS, holder, now);
export const tabEnd = (holder: TabHolder, now: Date): string => endAfter(TAB_MS, holder, now);

function endAfter(ms: number, { until }: TabHolder, now: Date): string {
  const end = new Date(now.getTime() + ms).toISOString();
  return until !== undefined && until < end ? until : end;
}

export const isOver = (expiresAt: string, now: Date): boolean => expiresAt <= now.toISOString();
