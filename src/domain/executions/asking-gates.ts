/** Gates of an execution at which a person is asked now, in the form in which those of tasks are listed. Pure. */
import type { Gate } from '../task-state.ts';
import { type ExecutionState, isOver } from './execution-state.ts';
import { openGatesIn } from './state-parts.ts';

export const askingGatesIn = (state: ExecutionState): readonly Gate[] =>
  // What is paused takes no decision.
  isOver(state.status) || state.status === 'paused'
    ? []
    : openGatesIn(state).map(({ id, title, digest, openedAt }) => ({
        ...{ id, gate: 'approval', status: 'open', next: nextAtGate(state.id, id) },
        ...(title !== undefined && { question: title }),
        ...(digest !== undefined && { digest }),
        ...(openedAt !== undefined && { openedAt }),
      }));

/** What a person can do next: as commands, and as the operations that they are over HTTP and MCP. */
const nextAtGate = (id: string, gate: string): string =>
  `pawl execution show ${id} shows what it is about, pawl execution approve ${id} ${gate} lets it go on, pawl execution reject ${id} ${gate} --reason "…" turns it down (operations execution, decideGate)`;
