/** Tokens of the dashboard's tabs. Kept nowhere: a tab goes on after the engine was started again, or killed. */
import { callerOfTab, isOver, SealedTab } from '../domain/tabs.ts';
import type { CallerOf } from '../edge/http/authentication.ts';
import { createTokenSeal, type TokenSeal } from './token-seal.ts';

/**
 * @param secret of the home, so that another engine's are refused
 * @param localToken whoever changes it ends all tabs. A line end is in neither, so the two are told apart
 */
export const createTabTokens = (secret: string, localToken: string): TokenSeal<SealedTab> =>
  createTokenSeal(`${secret}\n${localToken}`, 'pawl tokens of tabs', SealedTab);

/** Why what was made with a token with a name is not taken any more; undefined while it is. */
export type ProblemOfToken = (token: {
  readonly name: string;
  readonly id: string;
}) => Promise<string | undefined>;

/** The tokens of tabs, then the others. */
export function withTabs(
  tabs: TokenSeal<SealedTab>,
  problemOfToken: ProblemOfToken,
  others: CallerOf,
  now: () => Date = () => new Date(),
): CallerOf {
  return async (text, mark) => {
    const tab = tabs.open(text);
    if (tab === undefined) return others(text, mark);
    const problem = await problemOf(tab);
    return problem === undefined ? callerOfTab(tab) : { problem, remedy: NEW_LINK };
  };

  async function problemOf({ name, tokenId, expiresAt }: SealedTab): Promise<string | undefined> {
    const problem = tokenId === undefined ? undefined : await problemOfToken({ name, id: tokenId });
    if (problem !== undefined)
      return `this tab was opened with a token that is not taken any more: ${problem}`;
    return isOver(expiresAt, now()) ? `this tab of the dashboard expired at ${expiresAt}` : undefined;
  }
}

export const NEW_LINK = 'run `pawl dashboard` for a new link';
