/**
 * What Pawl is compared with: a workflow with two updates and a query, and nothing around them; the same one with the two
 * upserts by which lists find a task; and with all that a task upserts, which leaves Pawl's own code as the difference.
 */
import {
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { PawlChanged, PawlStatus } from '../src/workflows/search-attributes.ts';

interface Message {
  readonly [name: string]: unknown;
}
interface Ack {
  readonly id: string;
  readonly status: string;
}
interface Input {
  readonly spec: { readonly id: string };
}

export const bare = (input: Input): Promise<Ack> => live(input, () => undefined);

export const listed = (input: Input): Promise<Ack> =>
  live(input, (status) => upsertSearchAttributes([{ key: PawlStatus, value: status }]));

/** The event of the first workflow task (`activations.ts`), what lists filter on (`surface.ts`), and what they say in words. */
export const upserting = (input: Input): Promise<Ack> => {
  upsertMemo({ idle: true });
  return live(input, (status) => {
    upsertSearchAttributes([
      { key: PawlStatus, value: status },
      { key: PawlChanged, value: new Date() },
    ]);
    if (status === 'completed') upsertMemo({ task: { ...input.spec, summary: 'measured' } });
  });
};

async function live({ spec }: Input, tell: (status: string) => void): Promise<Ack> {
  let status = 'pending';
  const move = (next: string): Ack => {
    status = next;
    tell(status);
    return { id: spec.id, status };
  };
  setHandler(defineQuery<Ack>('state'), () => ({ id: spec.id, status }));
  setHandler(defineUpdate<Ack, [Message]>('update'), (message) => move(String(message.status)));
  setHandler(defineUpdate<Ack, [Message]>('complete'), () => move('completed'));
  await condition(() => status === 'completed');
  return { id: spec.id, status };
}
