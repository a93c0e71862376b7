/**
 * Idempotency keys: the same call again, under the key that its caller chose for it, is answered as the first time. Pure. The
 * scope of a key is who asks (the name of the token) and the session that is said with it, so that nobody is answered what
 * another one asked.
 */
import { z } from 'zod';
import { digestOf } from './digest.ts';
import { PawlError } from './failures.ts';
import type { Caller } from './scopes.ts';

const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/;

/** What an HTTP header can carry. */
export const IdempotencyKey = z
  .string()
  .regex(PRINTABLE, { error: 'expected 1 to 200 printable ASCII characters' });

/**
 * Before a call acts: what its answer, and the same call again, need to know of how it was. The first look under a name stays,
 * over any crash; what is found has to be JSON.
 */
export type Note = <T>(name: string, look: () => Promise<T>) => Promise<T>;

/** A call under a key, as the engine carries it out. */
export interface Keyed {
  /** Of the key in its scope. What is named after it is named the same when the call is made again. */
  readonly id: string;
  /** What an earlier call has noted, by its names. */
  readonly notes: Readonly<Record<string, unknown>>;
  readonly note: Note;
}

/** Who makes a call, and under which key. */
export interface CallContext {
  /** Absent: the local user. */
  readonly caller?: Caller;
  readonly key?: string;
  /** In which the key counts: a word of the client's own, such as the session of the directory that it was started in. */
  readonly session?: string;
  /** Set by the engine. */
  readonly keyed?: Keyed;
}

/**
 * Whose keys are this caller's: those of a token's name, so that a token that is made anew goes on with them; of an attempt those
 * of the attempt, which a later run of its task has no part in.
 */
export const holderOf = ({ name, attempt }: Caller): string =>
  attempt === undefined ? name : `${name}, ${attempt.token}`;

export interface KeyScope {
  /** `holderOf` who asks. */
  readonly caller: string;
  readonly session?: string | undefined;
  readonly key: string;
}

/** Names a key among all of a home: 64 hexadecimal digits. */
export const keyIdOf = ({ caller, session = '', key }: KeyScope): string =>
  digestOf([caller, session, key]).slice('sha256:'.length);

/** The key of a call that another one makes: the same when that is made again, whatever it reads then. */
export const partOfKey = (
  { key, session }: Pick<CallContext, 'key' | 'session'>,
  part: string,
): Pick<CallContext, 'key' | 'session'> =>
  key === undefined ? {} : { key: `${key}/${part}`, ...(session !== undefined && { session }) };

/** A look at what the call is about to change; without a key there is nothing to remember. */
export const noted = <T>(keyed: Keyed | undefined, look: () => Promise<T>): Promise<T> =>
  keyed === undefined ? look() : keyed.note('before', look);

/** @throws PawlError `invalid_input` naming the header */
export function readHeader(name: string, text: string | undefined): string | undefined {
  if (text === undefined || IdempotencyKey.safeParse(text).success) return text;
  throw new PawlError(
    'invalid_input',
    `${name}: expected 1 to 200 printable ASCII characters, got ${text.length} that are not`,
    { details: [[name]] },
  );
}

export const KEY_HEADER = 'Idempotency-Key';
export const SESSION_HEADER = 'Pawl-Session';
