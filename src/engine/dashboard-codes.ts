/**
 * Codes of links into the dashboard, in the engine's memory: each is good once, for ten minutes. Of a code only the digest is
 * kept, which is also why looking it up tells nobody how much of a guess was right.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { LIMITS } from '../domain/limits.ts';
import type { Handlers } from '../domain/operations.ts';
import { type Caller, needScope, SCOPES_OF } from '../domain/scopes.ts';
import {
  codeEnd,
  highestScope,
  holderFor,
  isOver,
  type OpenedTab,
  type SealedTab,
  type TabHolder,
  tabEnd,
} from '../domain/tabs.ts';
import { Refusal } from '../edge/http/refusals.ts';
import { NEW_LINK, type ProblemOfToken } from './tab-tokens.ts';
import type { TokenSeal } from './token-seal.ts';

/** 128 bits: nobody guesses one in ten minutes. */
const CODE_BYTES = 16;

export interface DashboardCodes {
  readonly calls: Pick<Handlers, 'dashboard'>;
  /**
   * The token of a tab, for the code of its link, which is used up by that.
   * @throws Refusal `unauthorized` for a code that was used, is late, or is none
   */
  open(code: string): Promise<OpenedTab>;
}

export interface DashboardCodesDeps {
  readonly tabs: TokenSeal<SealedTab>;
  readonly problemOfToken: ProblemOfToken;
  /** Who asks without a token: the engine's own process. */
  readonly local: Caller;
  /** Where the engine is reached. */
  readonly url: () => string;
  readonly now?: () => Date;
}

interface KeptCode {
  readonly holder: TabHolder;
  readonly expiresAt: string;
}

export function createDashboardCodes({
  tabs,
  problemOfToken,
  local,
  url,
  now = () => new Date(),
}: DashboardCodesDeps): DashboardCodes {
  /** By digest, the oldest first. */
  const kept = new Map<string, KeptCode>();
  return {
    calls: {
      async dashboard({ scope: asked }, { caller = local } = {}) {
        const scope = asked ?? highestScope(caller);
        needScope(caller, scope);
        const holder = holderFor(caller, scope);
        const expiresAt = codeEnd(holder, now());
        const code = randomBytes(CODE_BYTES).toString('base64url');
        makeRoom(holder);
        kept.set(digestOf(code), { holder, expiresAt });
        return { code, url: `${url()}/#code=${code}`, scope, expiresAt };
      },
    },
    async open(code) {
      const id = digestOf(code);
      const found = kept.get(id);
      // Before anything is waited for: of two who bring it at once only one gets in.
      kept.delete(id);
      if (found === undefined || isOver(found.expiresAt, now())) throw noSuchCode();
      const { until: _, ...holder } = found.holder;
      const { name, scope, tokenId } = holder;
      const problem = tokenId === undefined ? undefined : await problemOfToken({ name, id: tokenId });
      if (problem !== undefined)
        throw refusal(`the link was made with a token that is not taken any more: ${problem}`);
      const expiresAt = tabEnd(found.holder, now());
      const token = tabs.close({ ...holder, id: randomUUID(), expiresAt });
      return { token, name, scope, scopes: [...SCOPES_OF[scope]], expiresAt };
    },
  };

  /** Everybody has room of their own for each scope: whoever may only look pushes out no link of who may decide. */
  function makeRoom({ name, scope }: TabHolder): void {
    for (const [id, { expiresAt }] of kept) if (isOver(expiresAt, now())) kept.delete(id);
    const own = [...kept].filter(([, { holder }]) => holder.name === name && holder.scope === scope);
    for (const [id] of own.slice(0, Math.max(0, own.length + 1 - LIMITS.codesPerCallerMax))) kept.delete(id);
  }
}

const digestOf = (code: string): string => createHash('sha256').update(code).digest('base64');

const refusal = (problem: string): Refusal =>
  new Refusal('unauthorized', `${problem}; ${NEW_LINK}`, { 'WWW-Authenticate': 'Bearer realm="pawl"' });

const noSuchCode = (): Refusal =>
  refusal(
    'expected the code of a link that opens the dashboard, got one that was used, is older than ten minutes, gave way to newer ones, or is from before the engine was started',
  );
