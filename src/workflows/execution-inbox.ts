/** The messages of an execution, and what each does to it. How they come: `inbox.ts`. */
import { statusOf } from '../domain/executions/blocked.ts';
import { applyDecision, problemWithDecision } from '../domain/executions/decide-gate.ts';
import { EXECUTION_MESSAGES } from '../domain/executions/execution-messages.ts';
import type { Execution, ExecutionRecord, Sent } from '../domain/executions/execution-record.ts';
import { viewOf } from '../domain/executions/execution-view.ts';
import { applyComplete, problemWithComplete } from '../domain/executions/report-skill.ts';
import { settle } from '../domain/executions/settle.ts';
import { applySteer, applyUpdate, problemWithSteer, problemWithUpdate } from '../domain/executions/steer.ts';
import { type Message, message, receiveMessages, type Schema } from './inbox.ts';

/** Call once the record exists and before the first await. */
export function receiveExecutionMessages(execution: Execution): void {
  /** What follows from a message has followed when it is answered. */
  const moving = <M extends { readonly messageId?: string | undefined; readonly via?: string | undefined }>(
    schema: Schema<M>,
    problem: (execution: Execution, message: M) => string | undefined,
    apply: (execution: Execution, message: M, sent: Sent) => void,
  ): Message<ExecutionRecord> =>
    message(schema, {
      problem: (_, one) => problem(execution, one),
      apply(_, one, via, now) {
        apply(execution, one, { via, now });
        settle(execution, now);
      },
    });
  receiveMessages(execution.record, {
    viewOf: () => viewOf(execution),
    statusOf: () => statusOf(execution),
    messages: {
      update: moving(EXECUTION_MESSAGES.update, problemWithUpdate, applyUpdate),
      complete: moving(EXECUTION_MESSAGES.complete, problemWithComplete, applyComplete),
      approve_gate: moving(EXECUTION_MESSAGES.approve_gate, problemWithDecision, applyDecision),
      steer: moving(EXECUTION_MESSAGES.steer, problemWithSteer, applySteer),
    },
  });
}
