/**
 * The messages of a task as signals *and* as validated updates, by one helper: an update is for a caller that
 * needs the answer, a signal lands with no worker up (scripts, Temporal Web UI). Handlers are synchronous and only
 * move state; the main loop does the work. Whatever a signal carries, the workflow lives.
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
import {
  ackOf,
  applyClaim,
  applyComplete,
  applyDecision,
  applyTell,
  applyUpdate,
  problemWithClaim,
  problemWithComplete,
  problemWithDecision,
  problemWithTell,
  problemWithUpdate,
} from '../domain/lifecycle.ts';
import { LIMITS } from '../domain/limits.ts';
import {
  type Ack,
  type ClaimMessage,
  MESSAGES,
  type MessageName,
  type MessageOf,
  type SentMessage,
} from '../domain/messages.ts';
import { type Claims, type TaskRecord, viewOf } from '../domain/task-record.ts';
import type { TaskState } from '../domain/task-state.ts';

export const stateQuery = defineQuery<TaskState>('state');

const answerQuery = defineQuery<Ack | null, [SentMessage]>('answer');

const answerTo = ({ seen }: TaskRecord, { messageId, name, digest }: SentMessage): Ack | null =>
  seen.find((one) => one.id === messageId && one.name === name && one.digest === digest)?.answer ?? null;

interface Rule<N extends MessageName> {
  readonly problem: (record: TaskRecord, message: MessageOf<N>) => string | undefined;
  /** @param now ISO 8601, by the workflow's clock */
  readonly apply: (record: TaskRecord, message: MessageOf<N>, via: string, now: string) => void;
  /** The answer, where there is more to say than that the message counted. */
  readonly answer?: (record: TaskRecord) => Partial<Ack>;
}

const RULES: { readonly [N in MessageName]: Rule<N> } = {
  update: { problem: problemWithUpdate, apply: applyUpdate },
  complete: { problem: problemWithComplete, apply: applyComplete },
  approve_gate: { problem: problemWithDecision, apply: applyDecision },
  tell: { problem: problemWithTell, apply: applyTell },
  claim: {
    problem: problemWithClaim,
    apply: (record, message) => applyClaim(record, message, tokenFor(record, message)),
    answer: ({ claims }) => (claims === undefined ? {} : answerToClaim(claims)),
  },
};

/** What a message turned out to be. A resend is answered with what its first sending was answered. */
type Reading<N extends MessageName> =
  | { readonly kind: 'new'; readonly message: MessageOf<N>; readonly digest: string }
  | { readonly kind: 'resend'; readonly answer: Ack }
  | { readonly kind: 'problem'; readonly type: 'invalid_input' | 'conflict'; readonly text: string };

/** Registers query, signals and updates. Call once the record exists and before the first await. */
export function receiveMessages(record: TaskRecord): void {
  setHandler(stateQuery, () => viewOf(record));
  setHandler(answerQuery, (sent) => answerTo(record, sent));
  for (const name of Object.keys(MESSAGES) as MessageName[]) receive(name, record); // the table's own keys
  setDefaultSignalHandler((name) => ignore(record, name, 'no such message'));
}

function receive<N extends MessageName>(name: N, record: TaskRecord): void {
  setHandler(defineSignal<[unknown]>(name), (raw) => {
    const reading = read(name, record, raw);
    if (reading.kind === 'new') accept(name, record, reading, 'signal');
    if (reading.kind === 'problem') ignore(record, name, reading.text);
  });
  // Several updates may be validated before the first is handled, so the handler asks again.
  const answer = (raw: unknown): Ack => {
    const reading = read(name, record, raw);
    if (reading.kind === 'problem') throw refusal(reading);
    return reading.kind === 'resend' ? reading.answer : accept(name, record, reading, 'update');
  };
  setHandler(defineUpdate<Ack, [unknown]>(name), answer, {
    validator: (raw) => {
      const reading = read(name, record, raw);
      if (reading.kind === 'problem') throw refusal(reading);
    },
  });
}

function read<N extends MessageName>(name: N, record: TaskRecord, raw: unknown): Reading<N> {
  const { length = 0 } = JSON.stringify(raw) ?? '';
  if (length > LIMITS.messageCharsMax) {
    return invalid(`${name}: expected at most ${LIMITS.messageCharsMax} characters of JSON, got ${length}`);
  }
  const parsed = MESSAGES[name].safeParse(raw);
  if (!parsed.success) {
    const paths = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    return invalid(`${name}: ${paths.join('; ')}`);
  }
  // The schema of `name` made it; zod's union over names cannot say so.
  const message = parsed.data as MessageOf<N>;
  const { messageId, ...body } = message;
  const digest = digestOf(body);
  const seen = record.seen.find(({ id }) => id === messageId);
  if (seen !== undefined) {
    if (seen.name === name && seen.digest === digest) return { kind: 'resend', answer: seen.answer };
    return conflict(`message id ${messageId} was already used for another ${seen.name}: choose a new one`);
  }
  const problem = RULES[name].problem(record, message);
  return problem === undefined ? { kind: 'new', message, digest } : conflict(problem);
}

function accept<N extends MessageName>(
  name: N,
  record: TaskRecord,
  { message, digest }: { readonly message: MessageOf<N>; readonly digest: string },
  channel: 'signal' | 'update',
): Ack {
  // Who says `via` in a signal was authenticated by nobody, so what it claims does not count.
  const claimed = 'via' in message ? message.via : undefined;
  const now = new Date().toISOString();
  const { status } = record.phase;
  RULES[name].apply(record, message, channel === 'signal' ? 'signal' : (claimed ?? 'update'), now);
  record.changes = (record.changes ?? 0) + 1;
  record.changedAt = now;
  const answer = { ...ackOf(record), before: { status }, ...RULES[name].answer?.(record) };
  if (message.messageId !== undefined) {
    const entry = { id: message.messageId, name, digest, answer };
    record.seen = [...record.seen, entry].slice(-LIMITS.seenMessagesMax);
  }
  return answer;
}

const answerToClaim = ({ token, count, takenFrom }: Claims): Partial<Ack> => ({
  attemptToken: token,
  claim: count,
  ...(takenFrom !== undefined && { takenFrom }),
});

/** Names one claim; the same on replay. */
const tokenFor = ({ id, claims }: TaskRecord, { messageId }: ClaimMessage): string =>
  digestOf({ task: id, claim: (claims?.count ?? 0) + 1, messageId }).slice(-32);

/** A signal has nobody to answer: it is counted, logged and dropped. */
function ignore(record: TaskRecord, name: string, problem: string): void {
  record.ignoredMessages += 1;
  log.warn('message ignored', { name, problem });
}

const invalid = (text: string) => ({ kind: 'problem', type: 'invalid_input', text }) as const;
const conflict = (text: string) => ({ kind: 'problem', type: 'conflict', text }) as const;

const refusal = ({ type, text }: { readonly type: string; readonly text: string }): ApplicationFailure =>
  ApplicationFailure.create({ type, message: text, nonRetryable: true });
