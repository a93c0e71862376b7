/** One engine with work in every state, for tests that look at all pages. */
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig } from '../e2e/rig.ts';

/** Text that would be markup, colour or direction, were it not shown as text. */
export const HOSTILE = `<img src=x onerror=alert(1)> \u202egnp.exe \u001b[31mred ${'w'.repeat(300)}`;

const HOSTILE_AGENT = `
  console.log(${JSON.stringify(HOSTILE)});
  require('node:fs').writeFileSync('<b>\\u202egnp.txt', ${JSON.stringify(HOSTILE)});
  console.log(JSON.stringify({ type: 'result', summary: ${JSON.stringify(HOSTILE)}, status: 'done' }));`;

/** An agent that is a line of JavaScript. */
export const inline = (script: string) => ({
  agent: { name: 'command', command: [process.execPath, '-e', script] },
});

/** Every page with something on it, by its address. */
export async function playScene(rig: EngineRig): Promise<readonly string[]> {
  const repository = newRepository({ 'a.txt': 'one\n', 'pawl.yaml': 'checks: []\n' });
  const run = (
    requirement: string,
    agent: ReturnType<typeof inline>,
    checks = [check('process.exit(0)', 'fine')],
  ) => rig.run({ repository, requirement, checks, ...agent });
  const asking = await run(
    'Say hello',
    by('writes', 'hello.txt', 'hello', 'src/new.ts', 'export const one = 1;'),
  );
  const merged = await run('Say goodbye', by('writes', 'goodbye.txt', 'goodbye'));
  const stuck = await run('Do what cannot be done', by('crashes'));
  const hostile = await run(HOSTILE, inline(HOSTILE_AGENT));
  await rig.until(merged, atGate);
  await rig.api.approve({ id: merged });
  await rig.until(merged, closed);
  for (const id of [asking, stuck, hostile]) await rig.until(id, (state) => atGate(state) || closed(state));
  await rig.api.create({ id: 'whole', title: 'Plan the move', type: 'standard' });
  await rig.api.create({ id: 'part', title: 'Move the tests', parent: 'whole', dependencies: ['whole'] });
  await rig.api.startExecution({
    ...{ id: 'x_bug-1', loop: 'bugfix', project: repository },
    inputs: { report: 'It fails on Mondays' },
  });
  return [
    ...['/', '/board', '/engine', '/archive'],
    ...[asking, merged, stuck, hostile, 'whole', 'part'].map((id) => `/tasks/${id}`),
    ...[`/tasks/${asking}/decision`, `/tasks/${stuck}/decision`, `/tasks/${merged}/decision`],
    '/executions/x_bug-1',
  ];
}

/** Nothing of it may be left open when the rig is closed. */
export async function endScene(rig: EngineRig): Promise<void> {
  const { tasks } = await rig.api.list({ status: ['in_progress', 'awaiting_gate', 'pending', 'blocked'] });
  for (const { id } of tasks) await rig.api.cancel({ id });
  for (const { id } of tasks) await rig.until(id, closed).catch(() => undefined);
}
