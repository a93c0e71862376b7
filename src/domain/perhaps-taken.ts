/** What is said of a call that changes something and was not answered: nobody knows whether it counted. Pure. */
import { z } from 'zod';
import { WorkflowId } from './ids.ts';

const WithId = z.object({ id: WorkflowId });

/** Without an end, so that a sentence can go on after it. @param input of the call */
export function perhapsTaken(input: unknown): string {
  const id = WithId.safeParse(input).data?.id;
  const look = id === undefined ? 'look before you ask again' : `\`pawl show ${id}\` tells`;
  return `it may have taken what was asked, ${look}`;
}
