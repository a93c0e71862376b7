/** Who asks the engine, and what they may do. The rows of the operations say what each of them needs. */
import { z } from 'zod';
import { PawlError } from './failures.ts';
import { TaskId, TaskRun } from './ids.ts';

/** `local`: what the local user alone may do, whatever else a token brings. */
export const SCOPES = ['read', 'operate', 'approve', 'agent', 'local'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a token with a name may be made for; each may do what the one before it may. */
export const TokenScope = z.enum(['read', 'operate', 'approve']);
export type TokenScope = z.infer<typeof TokenScope>;
export const SCOPES_OF: Readonly<Record<TokenScope, readonly TokenScope[]>> = {
  read: ['read'],
  operate: ['read', 'operate'],
  approve: ['read', 'operate', 'approve'],
};

/** One attempt of an agent, with its fencing token: what a token of scope `agent` was made for. */
export const AttemptRef = z.strictObject({
  task: TaskId,
  run: TaskRun.shape.run,
  number: z.int().min(1),
  token: z.string().min(1),
  /** Names of what its agent was given: the values are masked in what it reports. */
  variables: z.array(z.string()),
  /** The whole token as it was sent, where somebody did: masked as well. */
  sealed: z.string().optional(),
});
export type AttemptRef = z.infer<typeof AttemptRef>;

export interface Caller {
  /** Decisions are recorded under it: that of a token, or the local user's own. Never what a caller says of itself. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Of a token of scope `agent`: `attempt-calls.ts` says what it may call. */
  readonly attempt?: AttemptRef;
  /** Of the token with a name, or that a tab of the dashboard was opened with: what is made with it falls with it. */
  readonly tokenId?: string;
  /** When the token ends: what is made with it ends no later. */
  readonly expiresAt?: string;
  /** Where in the work of this home the program that asks says it runs (`marks.ts`): shown with what it decides, never a permission. */
  readonly inside?: string;
}

/** How a decision is signed. */
export const signatureOf = ({ name, inside }: Caller): { readonly by: string; readonly inside?: string } => ({
  by: name,
  ...(inside !== undefined && { inside }),
});

export const attemptCaller = (attempt: AttemptRef): Caller => ({
  name: `attempt ${attempt.number} of ${attempt.task}`,
  scopes: ['agent'],
  attempt,
});

/** The local user has all scopes. */
export const localCaller = (name: string): Caller => ({ name, scopes: SCOPES });

export const mayDo = ({ scopes }: Pick<Caller, 'scopes'>, scope: Scope): boolean => scopes.includes(scope);

/** @throws PawlError `forbidden` that says which scope is needed, and who has it */
export function needScope(caller: Pick<Caller, 'name' | 'scopes'>, scope: Scope): void {
  if (mayDo(caller, scope)) return;
  throw new PawlError(
    'forbidden',
    `expected ${WORDS[scope]}, got the token ${nameOf(caller)}; ${REMEDY[scope]}`,
  );
}

/** A caller as a refusal names it. */
export const nameOf = ({ name, scopes }: Pick<Caller, 'name' | 'scopes'>): string =>
  `${name} with ${scopes.length === 0 ? 'no scope' : `the scope ${scopes.at(-1)}`}`;

const WORDS: Readonly<Record<Scope, string>> = {
  read: 'a token with the scope read',
  operate: 'a token with the scope operate',
  approve: 'a token with the scope approve',
  agent: 'the token of a running attempt',
  local: 'the token of the local user',
};

const MADE = (scope: TokenScope) =>
  `\`pawl token create NAME --scope ${scope}\` on the engine's host makes one`;
const REMEDY: Readonly<Record<Scope, string>> = {
  read: MADE('read'),
  operate: MADE('operate'),
  approve: MADE('approve'),
  agent: 'the engine gives it to the agent alone',
  local: "do this on the engine's host as its user",
};
