/** Every operation under a key, called once more after its engine was killed between acting and keeping the answer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isRunning, sendSignal } from '../../src/adapters/programs/processes.ts';
import { executionOperations } from '../../src/domain/execution-operations.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { until } from '../engine/engine-rig.ts';
import { attachAgain, type Changing, call, type How, type Input, newId, ROWS, rig } from './keyed-rows.ts';
import { atGate, by } from './rig.ts';
import { runsOf } from './runs-of.ts';

/** An answer to an escalation, after which the agent asks again or works. */
async function answered(agent: 'blocked' | 'blocked-at-first') {
  const asked = { id: newId() };
  const how = { key: `lost answer to ${agent}` };
  await rig.run({ ...asked, repository: newRepository(), ...by(agent) });
  await rig.until(asked.id, atGate);
  const first = await rig.api.retry(asked, how);
  const goesOn = ({ attempts, status }: TaskState) =>
    attempts.length === 2 && status === (agent === 'blocked' ? 'awaiting_gate' : 'in_progress');
  await rig.until(asked.id, goesOn);
  return async () => {
    // The answer was to the question before: one that is open now is answered by nobody.
    expect(await rig.api.retry(asked, how)).toEqual(first);
    const { attempts } = await rig.api.show(asked);
    expect({ agent, number: attempts.filter(({ reason }) => reason === 'retry').length }).toEqual({
      agent,
      number: 1,
    });
  };
}

it('are answered as the first time by an engine that was started again, with and without what it kept', {
  timeout: 120_000,
}, async () => {
  const calls: { name: Changing; input: Input; how: How; first: unknown }[] = [];
  for (const kept of ['kept', 'lost'])
    for (const [name, fresh] of ROWS) {
      const input = await fresh();
      const how = { key: `${kept} ${name}` };
      calls.push({ name, input, how, first: await call(name, input, how) });
    }
  const askAgain = [await answered('blocked'), await answered('blocked-at-first')];
  // What was cancelled or put away is run again by somebody else, and is another run by now.
  for (const { name, input } of calls)
    if (AGAIN.includes(name)) await rig.api.retry({ id: String(input.id) });
  const { pid } = rig.endpoints;
  const running = { pid, startedAt: rig.endpoints.startedAt };
  await rig.leave();
  sendSignal(pid, 'SIGKILL');
  await until(() => !isRunning(running));
  loseAnswers(rig.places.keptCalls, ROWS.length + askAgain.length);
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  await attachAgain();
  for (const { name, input, how, first } of calls) {
    const isLost = how.key.startsWith('lost');
    const again = await call(name, input, how).catch((error: unknown) => {
      throw new Error(`${how.key} of ${JSON.stringify(input)}`, { cause: error });
    });
    if (name === 'restart' && isLost) expect(again).toMatchObject({ ...Object(first), phase: 'done' });
    else expect({ name, again }).toEqual({ name, again: first });
  }
  for (const one of calls) await expectDoneOnce(one);
  for (const again of askAgain) await again();
});

const AGAIN: readonly Changing[] = ['cancel', 'archive'];

async function expectDoneOnce({ name, input }: { name: Changing; input: Input }): Promise<void> {
  if (typeof input.id !== 'string' || name === 'remove') return;
  const runs = await runsOf(rig.client, input.id);
  const isAgain = name === 'retry' || AGAIN.includes(name);
  expect({ name, runs: runs.length }).toEqual({ name, runs: isAgain ? 2 : 1 });
  if (name in executionOperations) return;
  const { claims, notes, status } = await rig.api.show({ id: input.id });
  if (name === 'claim') expect(claims).toBe(1);
  if (name === 'update') expect(notes).toEqual(['begun']);
  // It was run again since, and that run goes on.
  if (AGAIN.includes(name)) expect({ name, status }).toEqual({ name, status: 'pending' });
}

/** As if the engine had died before it wrote the last answers: what it noted before it acted is there. */
function loseAnswers(path: string, last: number): void {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const answers = lines.filter((line) => 'answer' in JSON.parse(line));
  const lost = new Set(answers.slice(-last));
  writeFileSync(
    path,
    lines
      .filter((line) => !lost.has(line))
      .map((line) => `${line}\n`)
      .join(''),
  );
}
