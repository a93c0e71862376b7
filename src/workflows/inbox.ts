/**
 * The messages of a workflow as signals *and* as validated updates, by one helper: an update is for a caller that
 * needs the answer, a signal lands with no worker up (scripts, Temporal Web UI). Handlers are synchronous and only
 * move state; the main loop does the work. Whatever a signal carries, the workflow lives. Which messages there are, and what
 * each does, its workflow says (`task-messages.ts`).
 */
import {
  ApplicationFailure,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import { digestOf } from '../domain/digest.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Ack, SeenMessage, SentMessage } from '../domain/messages.ts';

/** What an inbox keeps in the record of its workflow, with which it survives continue-as-new. */
export interface Addressed {
  readonly id: string;
  seen: readonly SeenMessage[];
  ignoredMessages: number;
  changes?: number;
  changedAt?: string;
}

/** What every message has; `via` is the way that its sender says it came. */
interface Body {
  readonly messageId?: string | undefined;
  readonly via?: string | undefined;
}

/** As much of a schema of zod's as is needed. */
export interface Schema<M> {
  safeParse(raw: unknown):
    | { readonly success: true; readonly data: M }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

export interface Rule<R, M> {
  /** Why it is refused, in one sentence with what to do instead. */
  readonly problem: (record: R, message: M) => string | undefined;
  /** @param now ISO 8601, by the workflow's clock */
  readonly apply: (record: R, message: M, via: string, now: string) => void;
  /** The answer, where there is more to say than that the message counted. */
  readonly answer?: (record: R) => Partial<Ack>;
}

/** A kind of message that workflows with such a record take. */
export interface Message<R> {
  /**
   * @param name of the signal and of the update
   * @param statusOf how the workflow is, for the answer
   */
  receive(name: string, record: R, statusOf: (record: R) => string): void;
}

export interface Inbox<R, S> {
  /** What the query `state` answers. */
  readonly viewOf: (record: R) => S;
  readonly statusOf: (record: R) => string;
  /** By their names. */
  readonly messages: Readonly<Record<string, Message<R>>>;
}

/** Registers queries, signals and updates. Call once the record exists and before the first await. */
export function receiveMessages<R extends Addressed, S>(record: R, inbox: Inbox<R, S>): void {
  setHandler(defineQuery<S>('state'), () => inbox.viewOf(record));
  setHandler(defineQuery<Ack | null, [SentMessage]>('answer'), (sent) => answerTo(record, sent));
  for (const [name, one] of Object.entries(inbox.messages)) one.receive(name, record, inbox.statusOf);
  setDefaultSignalHandler((name) => ignore(record, name, 'no such message'));
}

const answerTo = ({ seen }: Addressed, { messageId, name, digest }: SentMessage): Ack | null =>
  seen.find((one) => one.id === messageId && one.name === name && one.digest === digest)?.answer ?? null;

/**
 * @param schema part of the workflow's code: what it has once accepted it must go on to accept
 */
export function message<R extends Addressed, M extends Body>(
  schema: Schema<M>,
  rule: Rule<R, M>,
): Message<R> {
  const receive: Message<R>['receive'] = (name, record, statusOf) => {
    const read = (raw: unknown) => readMessage({ name, schema, rule }, record, raw);
    const accept = (reading: New<M>, channel: Channel) => {
      const before = { status: statusOf(record) };
      apply(rule, record, reading.message, channel);
      const answer = { id: record.id, status: statusOf(record), before, ...rule.answer?.(record) };
      remember(record, name, reading, answer);
      return answer;
    };
    setHandler(defineSignal<[unknown]>(name), (raw) => {
      const reading = read(raw);
      if (reading.kind === 'new') accept(reading, 'signal');
      if (reading.kind === 'problem') ignore(record, name, reading.text);
    });
    // Several updates may be validated before the first is handled, so the handler asks again.
    const answer = (raw: unknown): Ack => {
      const reading = read(raw);
      if (reading.kind === 'problem') throw refusal(reading);
      return reading.kind === 'resend' ? reading.answer : accept(reading, 'update');
    };
    setHandler(defineUpdate<Ack, [unknown]>(name), answer, {
      validator: (raw) => {
        const reading = read(raw);
        if (reading.kind === 'problem') throw refusal(reading);
      },
    });
  };
  return { receive };
}

type Channel = 'signal' | 'update';

interface New<M> {
  readonly kind: 'new';
  readonly message: M;
  readonly digest: string;
}
/** What a message turned out to be. A resend is answered with what its first sending was answered. */
type Reading<M> =
  | New<M>
  | { readonly kind: 'resend'; readonly answer: Ack }
  | { readonly kind: 'problem'; readonly type: 'invalid_input' | 'conflict'; readonly text: string };

interface Kind<R, M> {
  readonly name: string;
  readonly schema: Schema<M>;
  readonly rule: Rule<R, M>;
}

function readMessage<R extends Addressed, M extends Body>(
  { name, schema, rule }: Kind<R, M>,
  record: R,
  raw: unknown,
): Reading<M> {
  const { length = 0 } = JSON.stringify(raw) ?? '';
  if (length > LIMITS.messageCharsMax) {
    return invalid(`${name}: expected at most ${LIMITS.messageCharsMax} characters of JSON, got ${length}`);
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const paths = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    return invalid(`${name}: ${paths.join('; ')}`);
  }
  const { messageId, ...body } = parsed.data;
  const digest = digestOf(body);
  const seen = record.seen.find(({ id }) => id === messageId);
  if (seen !== undefined) {
    if (seen.name === name && seen.digest === digest) return { kind: 'resend', answer: seen.answer };
    return conflict(`message id ${messageId} was already used for another ${seen.name}: choose a new one`);
  }
  const problem = rule.problem(record, parsed.data);
  return problem === undefined ? { kind: 'new', message: parsed.data, digest } : conflict(problem);
}

function apply<R extends Addressed, M extends Body>(
  rule: Rule<R, M>,
  record: R,
  message: M,
  channel: Channel,
): void {
  // Who says `via` in a signal was authenticated by nobody, so what it claims does not count.
  const via = channel === 'signal' ? 'signal' : (message.via ?? 'update');
  const now = new Date().toISOString();
  rule.apply(record, message, via, now);
  record.changes = (record.changes ?? 0) + 1;
  record.changedAt = now;
}

/** For who sends it again, if it has a name by which it is known again. */
function remember<M extends Body>(record: Addressed, name: string, { message, digest }: New<M>, answer: Ack) {
  const { messageId } = message;
  if (messageId === undefined) return;
  record.seen = [...record.seen, { id: messageId, name, digest, answer }].slice(-LIMITS.seenMessagesMax);
}

/** A signal has nobody to answer: it is counted, logged and dropped. */
function ignore(record: Addressed, name: string, problem: string): void {
  record.ignoredMessages += 1;
  log.warn('message ignored', { name, problem });
}

const invalid = (text: string) => ({ kind: 'problem', type: 'invalid_input', text }) as const;
const conflict = (text: string) => ({ kind: 'problem', type: 'conflict', text }) as const;

const refusal = ({ type, text }: { readonly type: string; readonly text: string }): ApplicationFailure =>
  ApplicationFailure.create({ type, message: text, nonRetryable: true });
