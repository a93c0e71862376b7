/** What lists and the Temporal Web UI show of an execution. How it gets there: `surface.ts`. */
import type { Execution } from '../domain/executions/execution-record.ts';
import { executionFacts } from '../domain/executions/execution-rows.ts';
import type { ExecutionState, GateView, SkillView } from '../domain/executions/execution-state.ts';
import { viewOf } from '../domain/executions/execution-view.ts';
import { openGatesIn } from '../domain/executions/state-parts.ts';
import type { Face } from './surface.ts';

export function executionFace(execution: Execution): Face {
  const view = viewOf(execution);
  const open = openGatesIn(view);
  return {
    shown: {
      status: view.status,
      attempt: 0,
      gate: open.length === 0 ? '' : 'approval',
      changedAt: execution.record.changedAt,
      facts: JSON.stringify(executionFacts(view)),
    },
    // What a list says in words never changes: it is in the memo from the start.
    words: undefined,
    details: detailsOf(view),
  };
}

function detailsOf(view: ExecutionState): string {
  const { title, status, loop, blockedBy, why, phases } = view;
  const lines = [`**${title}**: ${status} · ${loop}`];
  if (blockedBy !== undefined) lines.push(`\n${blockedBy}\n`);
  if (why !== undefined) lines.push(`\n${why}\n`);
  for (const { id, status: phase, skills, gates } of phases) {
    lines.push(`- **${id}**: ${phase}`);
    for (const skill of skills) lines.push(`  - ${skillLine(skill)}`);
    for (const gate of gates) lines.push(`  - ${gateLine(gate)}`);
  }
  for (const gate of openGatesIn(view)) lines.push(howToDecide(gate));
  return lines.join('\n');
}

const skillLine = ({ id, state, round, by, why }: SkillView): string =>
  `${id}: ${state}${round > 1 ? `, round ${round}` : ''}${by === undefined ? '' : ` by ${by}`}${why === undefined ? '' : `: ${why}`}`;

const gateLine = ({ id, status, by, why, enabled }: GateView): string =>
  `gate ${id}: ${enabled ? status : 'disabled'}${by === undefined ? '' : ` by ${by}`}${why === undefined ? '' : `: ${why}`}`;

const howToDecide = ({ id }: GateView): string =>
  `\nTo decide here, send the signal \`approve_gate\` with \`{"gate":"${id}","decision":"approve","by":"your name"}\`.`;
