/** One task of a story: what it is told and answers, beside every model that it can be by now. */

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { queryTask } from '../../src/client/querying.ts';
import { claimTask, sendMessage } from '../../src/client/task-sending.ts';
import { passes } from '../../src/client/temporal-errors.ts';
import { PawlError } from '../../src/domain/failures.ts';
import type { TaskId } from '../../src/domain/ids.ts';
import type { MessageName, MessageOf } from '../../src/domain/messages.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { type Answer, after, type Message, type Model, seenOf } from './model.ts';
import type { Words } from './steps.ts';

/** For a hang. */
const SETTLED_MS_MAX = 90_000;
const LOOK_MS = 25;

export interface Answered {
  readonly message: Message;
  readonly answer: Answer;
}

export interface TaskUnderTest {
  readonly id: TaskId;
  /** Told at once, it may have got messages in any order: whatever it can be by now. Never empty. */
  worlds: readonly Model[];
  /** Makes a message of words, with an id and a token of its own. */
  messageOf(words: Words): Message;
  send(message: Message, channel: Words['channel']): Promise<Answered>;
  /** It has got these, in one of these orders. */
  has(orders: readonly (readonly Answered[])[]): void;
  state(): Promise<TaskState>;
  /** How it stands with Temporal, for whoever reads why a test failed. */
  standing(): Promise<string>;
  /** Its state once it is that of a model; the others are dropped. */
  settled(): Promise<TaskState>;
}

export function taskUnderTest(client: Client, id: TaskId, first: Model): TaskUnderTest {
  const handle = client.workflow.getHandle(id);
  const sent: Message[] = [];
  const tokens: string[] = [];
  const told: unknown[] = [];
  /** Each left a signal behind, which is counted where it is refused. */
  let unanswered = 0;
  const tokenOf = (choice: Words['token']): object => {
    if (choice === 'none') return {};
    const known = choice === 'latest' ? tokens.at(-1) : choice === 'older' ? tokens[0] : undefined;
    return { attemptToken: known ?? 'of no claim' };
  };

  const update = async (message: Message): Promise<Answer> => {
    for (const giveUpAt = Date.now() + SETTLED_MS_MAX; ; await sleep(LOOK_MS)) {
      try {
        return await sendOnce(client, id, message);
      } catch (error) {
        const isUnanswered = error instanceof PawlError && error.code === 'unavailable';
        if (isUnanswered) unanswered += 1;
        // Not found: it was over by the time that the signal came. What passes was not taken.
        const isAskedAgain = isUnanswered || error instanceof WorkflowNotFoundError || passes(error);
        if (!isAskedAgain || Date.now() > giveUpAt) throw error;
      }
    }
  };
  const task: TaskUnderTest = {
    id,
    worlds: [first],
    messageOf({ name, body, malformed, token, id: kind, earlier }) {
      const before = sent.length === 0 ? undefined : sent[earlier % sent.length];
      if (kind === 'again' && before !== undefined) return before;
      const own = `${id}-${sent.length}`;
      const named = kind === 'taken' ? (before?.id ?? own) : own;
      const message = { name, id: named, body: { ...body, ...tokenOf(token) }, malformed };
      sent.push(message);
      return message;
    },
    async send(message, channel) {
      const answer =
        channel === 'update'
          ? await update(message)
          : await handle.signal<[unknown]>(message.name, { ...message.body, messageId: message.id }).then(
              (): Answer => ({ kind: 'sent' }),
              (error: unknown): Answer => {
                if (error instanceof WorkflowNotFoundError) return { kind: 'gone' };
                throw error;
              },
            );
      if (answer.kind === 'taken' && answer.token !== undefined) tokens.push(answer.token);
      return { message, answer };
    },
    has(orders) {
      told.push(orders[0]);
      const next = task.worlds.flatMap((model) => orders.map((order) => lived(model, order)));
      const possible = next.filter((model) => model !== undefined);
      if (possible.length === 0) throw mismatch('it cannot have answered so', task.worlds.map(seenOf));
      task.worlds = possible.filter((one, at) => !possible.slice(0, at).some(sameAs(one)));
    },
    async state() {
      for (const giveUpAt = Date.now() + SETTLED_MS_MAX; ; await sleep(LOOK_MS)) {
        try {
          return await queryTask<TaskState, []>(client, handle, 'state');
        } catch (error) {
          const isUnanswered = passes(error) || (error instanceof PawlError && error.code === 'unavailable');
          if (!isUnanswered || Date.now() > giveUpAt) throw error;
        }
      }
    },
    async standing() {
      const { raw } = await handle.describe();
      const { events = [] } = await handle.fetchHistory();
      const last = events?.slice(-3).map((event) => JSON.stringify(event)) ?? [];
      return [`workflow task: ${JSON.stringify(raw.pendingWorkflowTask)}`, ...last].join('\n');
    },
    async settled() {
      for (const giveUpAt = Date.now() + SETTLED_MS_MAX; ; await sleep(LOOK_MS)) {
        const state = await task.state();
        const fitting = task.worlds.filter((model) => fits(state, model, unanswered));
        if (fitting.length > 0) {
          task.worlds = fitting;
          return state;
        }
        if (Date.now() > giveUpAt)
          throw mismatch('it is not as it has to be', [state, ...task.worlds.map(seenOf)]);
      }
    },
  };
  const mismatch = (words: string, seen: readonly unknown[]): Error =>
    new Error(
      [`${id}: ${words}`, ...[...told.slice(-8), '---', ...seen].map((one) => JSON.stringify(one))].join(
        '\n',
      ),
    );
  return task;
}

const sameAs = (one: Model) => (other: Model) => isDeepStrictEqual(one, other);

const lived = (model: Model, order: readonly Answered[]): Model | undefined =>
  order.reduce<Model | undefined>((now, { message, answer }) => now && after(now, message, answer), model);

async function sendOnce(client: Client, id: TaskId, { name, body, id: messageId }: Message): Promise<Answer> {
  const message = { ...body, ...(messageId === undefined ? {} : { messageId }) };
  try {
    if (name === 'claim') {
      const { status, attemptToken } = await claimTask({ client }, id, message as MessageOf<'claim'>);
      return { kind: 'taken', status, token: attemptToken };
    }
    // What is malformed is sent as it is.
    const { status } = await sendMessage(
      { client },
      id,
      name as MessageName,
      message as MessageOf<MessageName>,
    );
    return { kind: 'taken', status };
  } catch (error) {
    if (!(error instanceof PawlError) || error.code === 'unavailable') throw error;
    return { kind: 'refused', code: error.code };
  }
}

function fits(state: TaskState, model: Model, unanswered: number): boolean {
  const { ignoredMessages, ...expected } = seenOf(model);
  const more = state.ignoredMessages - Number(ignoredMessages);
  const seen: Record<string, unknown> = state;
  return (
    more >= 0 &&
    more <= unanswered &&
    Object.entries(expected).every(([name, value]) => isDeepStrictEqual(seen[name], value))
  );
}
