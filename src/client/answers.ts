/** What calls were answered, kept so that the same call again is answered the same, over any crash of its caller. */
import { PawlError } from '../domain/failures.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import type { KeptAnswer, RecordStore } from '../domain/records.ts';

/** @throws PawlError `conflict` where the key was used for another request */
export async function keepAnswer(
  answers: RecordStore<KeptAnswer>,
  { key, request, answer }: InputOf<'answer'>,
): Promise<OutputOf<'answer'>> {
  const kept = await answers.read(key);
  if (kept !== undefined && kept.request !== request) {
    throw new PawlError('conflict', 'this key was used for another call: choose a new one');
  }
  if (kept !== undefined) return { answer: kept.answer };
  if (answer === undefined) return { answer: null };
  await answers.put(key, { request, answer });
  return { answer };
}
