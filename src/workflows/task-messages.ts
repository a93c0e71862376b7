/** The messages of a task, and what each does to it. How they come: `inbox.ts`. */
import { digestOf } from '../domain/digest.ts';
import {
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
import { type Ack, type ClaimMessage, MESSAGES, type MessageName } from '../domain/messages.ts';
import { type Claims, type TaskRecord, viewOf } from '../domain/task-record.ts';
import { type Message, message, receiveMessages } from './inbox.ts';

const TASK_MESSAGES: Readonly<Record<MessageName, Message<TaskRecord>>> = {
  update: message(MESSAGES.update, { problem: problemWithUpdate, apply: applyUpdate }),
  complete: message(MESSAGES.complete, { problem: problemWithComplete, apply: applyComplete }),
  approve_gate: message(MESSAGES.approve_gate, { problem: problemWithDecision, apply: applyDecision }),
  tell: message(MESSAGES.tell, { problem: problemWithTell, apply: applyTell }),
  claim: message(MESSAGES.claim, {
    problem: problemWithClaim,
    apply: (record, claim) => applyClaim(record, claim, tokenFor(record, claim)),
    answer: ({ claims }) => (claims === undefined ? {} : answerToClaim(claims)),
  }),
};

/** Call once the record exists and before the first await. */
export const receiveTaskMessages = (record: TaskRecord): void =>
  receiveMessages(record, { viewOf, statusOf: ({ phase }) => phase.status, messages: TASK_MESSAGES });

const answerToClaim = ({ token, count, takenFrom }: Claims): Partial<Ack> => ({
  attemptToken: token,
  claim: count,
  ...(takenFrom !== undefined && { takenFrom }),
});

/** Names one claim; the same on replay. */
const tokenFor = ({ id, claims }: TaskRecord, { messageId }: ClaimMessage): string =>
  digestOf({ task: id, claim: (claims?.count ?? 0) + 1, messageId }).slice(-32);
