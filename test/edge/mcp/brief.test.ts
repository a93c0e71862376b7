/** What a client's model reads of a task that a person has to decide on. */
import { expect, it } from 'vitest';
import { escalationGate, nextAt } from '../../../src/domain/gates.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import { briefOf, textOf } from '../../../src/edge/mcp/brief.ts';
import { newTask } from '../../domain/tasks.ts';

const id = TaskId.parse('fix-login');
const gate = escalationGate('no key');
const next = nextAt(id, gate);
const waiting = newTask({ id, kind: 'agent_run', status: 'awaiting_gate', gates: [{ ...gate, next }] });

it('names the tools of this edge, the commands and the operations', () => {
  expect(textOf(waiting)).toContain(
    `a person has to decide (no key): call decide, or control with retry; or ${next}`,
  );
  expect(next).toContain('pawl retry fix-login');
  expect(briefOf(waiting)).toMatchObject({ gate: { gate: 'escalation', question: 'no key', next } });
});

it('is the same of an engine that says nothing of what is next', () => {
  expect(textOf({ ...waiting, gates: [gate] })).toMatch(/no key\): call decide, or control with retry$/m);
});
