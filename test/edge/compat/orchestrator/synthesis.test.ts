/** Results are put together from what the parts left behind, wherever the parts are by now. */
import { beforeEach, expect, it } from 'vitest';
import { artifactOf, createToolRig, type ToolRig } from './fake-engine.ts';

let rig: ToolRig;
beforeEach(() => {
  rig = createToolRig();
  rig.plan('whole');
  rig.plan('part-1', { parent: 'whole' as never });
  rig.plan('part-2', { parent: 'whole' as never });
});
const update = (task_id: string, status: string) => rig.ok('update_task', { task_id, status });
const complete = (task_id: string, ...contents: readonly (string | Buffer)[]) =>
  rig.ok('complete_task', {
    task_id,
    summary: `did ${task_id}`,
    detailed_work: '',
    next_action: 'complete',
    legacy_artifacts: contents.map((content) => artifactOf(rig, content)),
  });
const synthesize = () => rig.ok('synthesize_results', { parent_task_id: 'whole' });

it('says what artifacts say, and where they are', async () => {
  const first = await complete('part-1', '# Plan\n\n- one\n- two\n', Buffer.from([0xff, 0xfe, 0]));
  await complete('part-2', 'a\0b');
  const { synthesis, status, artifacts } = await synthesize();
  expect(status).toBe('synthesized');
  expect(artifacts).toHaveLength(3);
  expect(synthesis).toContain(`### Do part-1 (part-1)

> did part-1

- pawl://artifacts/${first.artifact_references[0].id} (code, 20 bytes)

  > # Plan
  >
  > - one
  > - two

- pawl://artifacts/${first.artifact_references[1].id} (code, 3 bytes)`);
  expect(synthesis).not.toContain('a\0b');
});

it('cuts what is long and says so, and stops where all of it would be too long', async () => {
  const long = Array.from({ length: 35 }, (_, at) => `${at} ${'ä'.repeat(4_100)} end of ${at}`);
  await complete('part-1', ...long.slice(0, 15));
  await complete('part-2', ...long.slice(15));
  const { synthesis } = await synthesize();
  expect(synthesis).toContain('The rest of it stands at this address.');
  expect(synthesis).not.toContain('end of 0');
  expect(synthesis.length).toBeLessThan(120_000);
  expect(synthesis.match(/ {2}> \d+ ä/g)?.length).toBe(25);
});

it('says once what several parts left', async () => {
  await complete('part-1', 'the same words');
  await complete('part-2', 'the same words');
  const { synthesis } = await synthesize();
  expect(synthesis.match(/the same words/g)).toHaveLength(1);
  expect(synthesis.match(/\(code, 14 bytes\)/g)).toHaveLength(2);
});

it('counts parts that were put away, and waits for none that was cancelled', async () => {
  await complete('part-1', 'kept words');
  await update('part-1', 'archived');
  expect(await synthesize()).toMatchObject({ status: 'partial', completed_subtasks: 1, total_subtasks: 2 });
  await update('part-2', 'cancelled');
  const whole = await synthesize();
  expect(whole).toMatchObject({
    status: 'synthesized',
    message: '1 of 1 parts are completed',
    completed_subtasks: 1,
    total_subtasks: 1,
    incomplete: [{ task_id: 'part-2', status: 'cancelled' }],
  });
  expect(whole.synthesis).toContain('2 tasks: 1 completed, 1 cancelled. Completed by generic (1).');
  expect(whole.synthesis).toContain('> kept words');
});

it('goes on without an artifact that is gone', async () => {
  await complete('part-1', 'words');
  rig.texts.clear();
  expect((await synthesize()).synthesis).toContain('(code, 5 bytes)');
});
