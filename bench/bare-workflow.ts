/** What Pawl is compared with: a workflow with two updates and a query, and nothing around them. */
import { condition, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';

interface Message {
  readonly [name: string]: unknown;
}
interface Ack {
  readonly id: string;
  readonly status: string;
}

export async function bare({ spec }: { readonly spec: { readonly id: string } }): Promise<Ack> {
  let status = 'pending';
  const ack = (): Ack => ({ id: spec.id, status });
  setHandler(defineQuery<Ack>('state'), ack);
  setHandler(defineUpdate<Ack, [Message]>('update'), (message) => {
    status = String(message.status);
    return ack();
  });
  setHandler(defineUpdate<Ack, [Message]>('complete'), () => {
    status = 'completed';
    return ack();
  });
  await condition(() => status === 'completed');
  return ack();
}
