/** Why a WebSocket is closed: a code of its protocol, and as many words as that allows. Pure. */
import { ERROR_CODES, PawlError } from '../../domain/failures.ts';
import { parseJson } from './json.ts';
import { type PublicError, REFUSALS } from './refusals.ts';

export interface Closing {
  readonly code: number;
  readonly words: string;
}

/** The protocol's bound on the words. */
const WORDS_BYTES_MAX = 123;

/** The client does not read as fast as there is something to tell: its place is kept for a while. */
export const SLOW: Closing = {
  code: 1013,
  words: 'try again with ?after= and the last number: you read more slowly than things happen',
};

/** What is sent here is not understood: `WS /ws` only tells. @param data undefined for what is no text */
export function closingOfMessage(data: string | undefined): Closing {
  if (data === undefined) return { code: 1003, words: 'expected text, got bytes' };
  try {
    parseJson(data);
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    return { code: 1007, words: error.message };
  }
  return {
    code: 1008,
    words: 'expected no message, got one: this WebSocket only tells; act by POST to /api',
  };
}

/** 4401 for a token that is not taken any more: 4000 and the status that an answer over HTTP would have. */
export function closingOfError({ code, message }: PublicError): Closing {
  if (code === 'internal') return { code: 1011, words: clipBytes(message) };
  if (code === 'unavailable') return { code: 1013, words: clipBytes(message) };
  const { httpStatus } = { ...ERROR_CODES, ...REFUSALS }[code];
  return { code: 4_000 + httpStatus, words: clipBytes(message) };
}

/** Never half of a character. */
function clipBytes(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= WORDS_BYTES_MAX) return text;
  return `${bytes
    .subarray(0, WORDS_BYTES_MAX - 3)
    .toString()
    .replace(/\uFFFD+$/, '')}…`;
}
