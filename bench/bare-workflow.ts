/**
 * What Pawl is compared with: a workflow with two updates and a query, and nothing around them; and the same one with
 * the two upserts by which lists find a task, which tell how much of the difference is theirs.
 */
import {
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { PawlStatus } from '../src/workflows/search-attributes.ts';

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
