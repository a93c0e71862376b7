/** What calls were answered, kept so that the same call again is answered the same, over any crash of its caller. */
import { digestOfText } from '../domain/digest.ts';
import type { DocumentStore, KeptAnswer } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { createKeyedMutex } from './keyed-mutex.ts';

type Asked = InputOf<'answer'>;
type Keep = (asked: Asked) => Promise<OutputOf<'answer'>>;

/** Idempotency keys of one process: calls with the same key at once get the same intent and the same answer. */
export function createAnswers(answers: DocumentStore<KeptAnswer>): Keep {
  const inTurn = createKeyedMutex();
  return (asked) => inTurn(asked.key, () => keepAnswer(answers, asked));
}

/** @throws PawlError `conflict` where its caller used the key for another request */
async function keepAnswer(answers: DocumentStore<KeptAnswer>, asked: Asked): Promise<OutputOf<'answer'>> {
  const { name, kept } = await find(answers, asked);
  const { caller, request } = asked;
  // The first intent and the first answer stay.
  const intent = kept?.intent ?? asked.intent;
  const answer = kept?.answer ?? asked.answer;
  if (intent !== kept?.intent || answer !== kept?.answer) {
    await answers.put(name, { caller, request, ...(intent && { intent }), ...(answer && { answer }) });
  }
  return { ...(intent && { intent }), answer: answer ?? null };
}

async function find(answers: DocumentStore<KeptAnswer>, { key, caller, request }: Asked) {
  const ownKey = digestOfText(`${caller}/${key}`).slice('sha256:'.length);
  for (const name of [key, ownKey]) {
    const kept = await answers.read(name);
    if (kept === undefined || kept.request === request) return { name, kept };
    if (kept.caller === caller)
      throw new PawlError('conflict', 'this key was used for another call: choose a new one');
  }
  throw new TypeError(`an answer under the name ${ownKey} is of another caller`);
}
