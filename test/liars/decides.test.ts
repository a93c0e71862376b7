/** An agent that decides a gate with the home's token is shown as what it was, where its program says where it runs. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cacheFolder } from '../../scripts/setup/cache.mjs';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from '../e2e/rig.ts';

const ROOT = join(import.meta.dirname, '..', '..');

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** A change that waits, and a task whose agent runs a line of shell with the way to the home. */
async function decidedBy(line: (victim: string) => string, program = by('writes', 'a.txt', 'wrong')) {
  const victim = await rig.run({ repository: newRepository(), ...program });
  await rig.until(victim, atGate);
  const script = `export PAWL_HOME='${rig.home}' XDG_CACHE_HOME='${join(cacheFolder(), '..')}'; pawl() { '${process.execPath}' '${join(ROOT, 'bin', 'pawl')}' "$@"; }; ${line(victim)}; echo done > a.txt`;
  const agent = { name: 'command', command: ['sh', '-c', script] };
  const liar = await rig.run({ repository: newRepository(), agent });
  const ended = await rig.until(liar, atGate);
  const state = await rig.until(victim, ({ gates }) => gates.some((gate) => gate.by !== undefined));
  const { lines } = await rig.api.logs({ id: ended.id });
  await rig.api.cancel({ id: liar });
  const decided = state.gates.find((gate) => gate.by !== undefined);
  return { victim, decided, inside: `attempt 1 of ${liar}`, said: lines.map(({ text }) => text).join('\n') };
}

it('by the command line', async () => {
  const { victim, decided, inside, said } = await decidedBy((id) => `pawl approve ${id}`);
  expect(decided).toMatchObject({ gate: 'approval', status: 'approved', via: 'cli', inside });
  expect(said).toContain(`approved, inside ${inside}: task ${victim} goes on`);
  await rig.until(victim, closed);
  const shown = await rig.pawl(['show', victim]);
  expect(shown.out).toContain(`approved by ${decided?.by} via cli, inside ${inside}`);
});

it('by a script', async () => {
  const script = (id: string) =>
    `import('${join(ROOT, 'src', 'client.ts')}').then(async ({ connect }) => { const pawl = await connect(); await pawl.reject({ id: '${id}', reason: 'no' }); await pawl.close(); })`;
  const { victim, decided, inside } = await decidedBy((id) => `'${process.execPath}' -e "${script(id)}"`);
  expect(decided).toMatchObject({ gate: 'approval', status: 'rejected', via: 'client', inside });
  await rig.api.cancel({ id: victim }).catch(() => undefined);
});

it.each([
  ['retry', (id: string) => `pawl retry ${id}`],
  ['tell', (id: string) => `pawl tell ${id} "go on"`],
])('at an escalation, by %s', async (_, line) => {
  const { victim, decided, inside } = await decidedBy(line, by('blocked'));
  expect(decided).toMatchObject({ gate: 'escalation', status: 'approved', inside });
  await rig.api.cancel({ id: victim });
});

it('and by calling the task failed', async () => {
  const { decided, inside } = await decidedBy(
    (id) => `pawl complete ${id} --outcome failed --summary "not worth it"`,
  );
  expect(decided).toMatchObject({ gate: 'approval', status: 'rejected', inside });
});

it('a mark of another home is not looked at, and a person has none', async () => {
  const id = await rig.run({ repository: newRepository(), ...by('writes', 'a.txt', 'right') });
  await rig.until(id, atGate);
  const answer = await rig.pawl(['approve', id, '--json'], { env: { PAWL_PROCESS: `elsewhere/${id}/1` } });
  expect(JSON.parse(answer.out)).not.toHaveProperty('inside');
  const { gates } = await rig.until(id, closed);
  expect(gates.at(-1)).toMatchObject({ status: 'approved', via: 'cli' });
  expect(gates.at(-1)).not.toHaveProperty('inside');
});
