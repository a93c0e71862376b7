/**
 * The messages of a task, as a signal and as an update alike. Workflows preload this module: keep its imports to
 * zod, so that one copy serves every cached workflow.
 */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { Planned } from './plan.ts';

const MessageId = z.string().min(1).max(200);

/** Where in the work of the home the program ran that sent it, as it said itself: `attempt 2 of fix-login`. */
const Inside = z.string().min(1).max(200);

/** What a client reports while it works on its own task. */
export const UpdateMessage = z.strictObject({
  messageId: MessageId.optional(),
  title: z.string().min(1).max(LIMITS.titleCharsMax).optional(),
  description: z.string().max(LIMITS.descriptionCharsMax).optional(),
  status: z.enum(['pending', 'blocked', 'in_progress']).optional(),
  note: z.string().min(1).max(LIMITS.noteCharsMax).optional(),
  progress: z.number().min(0).max(1).optional(),
  context: z.record(z.string(), z.unknown()).optional(),
  ...Planned,
  /** Dependencies that the task is not to wait for any more. */
  dropDependencies: z.array(z.string().min(1).max(63)).max(LIMITS.dependenciesPerTaskMax).optional(),
  /** Results so far, as references. */
  artifacts: z
    .array(z.string().min(1).max(LIMITS.artifactCharsMax))
    .max(LIMITS.artifactsPerTaskMax)
    .optional(),
  /** Of the claim that the sender works under. */
  attemptToken: z.string().min(1).max(200).optional(),
});
export type UpdateMessage = z.infer<typeof UpdateMessage>;

/** Closes a client-driven task, or an agent-run task that waits at a gate, as failed. */
export const CompleteMessage = z.strictObject({
  messageId: MessageId.optional(),
  summary: z.string().min(1).max(LIMITS.descriptionCharsMax),
  artifacts: z
    .array(z.string().min(1).max(LIMITS.artifactCharsMax))
    .max(LIMITS.artifactsPerTaskMax)
    .optional(),
  outcome: z.enum(['completed', 'failed']).optional(),
  attemptToken: z.string().min(1).max(200).optional(),
  /** At a gate: who decides it so. */
  by: z.string().min(1).max(200).optional(),
  inside: Inside.optional(),
  /** Of a sender that may not decide: it closes no gate. */
  mayDecide: z.literal(false).optional(),
});
export type CompleteMessage = z.infer<typeof CompleteMessage>;

/** Which way a decision came. */
export const Via = z.enum(['cli', 'http', 'mcp', 'client', 'mcp-allow-approve']);

const GATE_NAME = /^(?:check|approval|escalation)(?:-[1-9][0-9]{0,8})?$/;
/** A gate of the task by its id, or by its kind, which means the open one of that kind. zod's own `regex` writes to its pattern, frozen here. */
const GateName = z.string().refine((name) => GATE_NAME.test(name), {
  error: 'expected the id of a gate, such as approval-2, or its kind: check, approval or escalation',
});

/** A person's decision. Without a digest it is bound to what is shown when it arrives, and that is recorded. */
export const ApproveGateMessage = z.strictObject({
  messageId: MessageId.optional(),
  gate: GateName,
  decision: z.enum(['approve', 'reject']),
  by: z.string().min(1).max(200),
  reason: z.string().max(LIMITS.noteCharsMax).optional(),
  digest: z.string().min(1).max(200).optional(),
  via: Via.optional(),
  inside: Inside.optional(),
});
export type ApproveGateMessage = z.infer<typeof ApproveGateMessage>;

/** A further instruction for the agent of an agent-run task, kept in order until the agent has it. */
export const TellMessage = z.strictObject({
  messageId: MessageId.optional(),
  text: z.string().trim().min(1).max(LIMITS.noteCharsMax),
  by: z.string().min(1).max(200),
  inside: Inside.optional(),
  /** Of a sender that may not decide: it answers no escalation. */
  mayDecide: z.literal(false).optional(),
});
export type TellMessage = z.infer<typeof TellMessage>;

/** A client takes a client-driven task to work on it: whoever had it before may not report any more. */
export const ClaimMessage = z.strictObject({
  messageId: MessageId.optional(),
  by: z.string().min(1).max(200),
});
export type ClaimMessage = z.infer<typeof ClaimMessage>;

export const MESSAGES = {
  update: UpdateMessage,
  complete: CompleteMessage,
  approve_gate: ApproveGateMessage,
  tell: TellMessage,
  claim: ClaimMessage,
} as const;
export type MessageName = keyof typeof MESSAGES;
export type MessageOf<N extends MessageName> = z.infer<(typeof MESSAGES)[N]>;

/** A message as it is known again: the query `answer` tells what it was answered, or null. */
export interface SentMessage {
  readonly messageId: string;
  readonly name: string;
  readonly digest: string;
}

/** A message that was handled, so that a resend gets its first answer. */
export interface SeenMessage {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly answer: Ack;
}

/** What every message answers: enough to know that it counted, small because it stays in history. */
export interface Ack {
  readonly id: string;
  readonly status: string;
  /** How it was before. Absent where an older Pawl has answered. */
  readonly before?: { readonly status: string };
  /** Of a claim that was granted. */
  readonly attemptToken?: string;
  /** Which claim of the task it was, from 1. Absent where an older Pawl has answered, as is the next. */
  readonly claim?: number;
  /** Who had the task until then. */
  readonly takenFrom?: string;
}

// Preloaded modules are frozen, and zod makes parts of a schema on first use: use every part once before that.
UpdateMessage.safeParse({
  messageId: 'm',
  title: 't',
  description: '',
  status: 'pending',
  note: 'n',
  progress: 0,
  context: { a: 1 },
  complexity: 'simple',
  specialist: 'coder',
  effort: '1 hour',
  due: '2026-01-01',
  dropDependencies: ['d'],
  artifacts: ['a'],
  attemptToken: 't',
});
ClaimMessage.safeParse({ messageId: 'm', by: 'b' });
CompleteMessage.safeParse({
  messageId: 'm',
  summary: 's',
  artifacts: ['a'],
  outcome: 'failed',
  attemptToken: 't',
  by: 'b',
  inside: 'i',
  mayDecide: false,
});
ApproveGateMessage.safeParse({
  messageId: 'm',
  gate: 'check',
  decision: 'reject',
  by: 'b',
  reason: 'r',
  digest: 'd',
  via: 'cli',
  inside: 'i',
});
TellMessage.safeParse({ messageId: 'm', text: ' t ', by: 'b', inside: 'i', mayDecide: false });
for (const schema of [UpdateMessage, CompleteMessage, ApproveGateMessage, TellMessage, ClaimMessage])
  schema.safeParse(undefined).error?.issues.map(String);
