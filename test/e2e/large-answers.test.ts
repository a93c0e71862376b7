/** What is large goes through an official client as it is: nobody has told it to take more of a message than it does. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
let mcp: McpRig;
beforeAll(async () => {
  rig = await startRig();
  mcp = await startMcp(rig.home, scratchFolder('project'), ['--toolset', 'orchestrator']);
});
afterAll(async () => {
  await mcp.close();
  await rig.close();
});

const plan = async (title: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await mcp.ok('orchestrator_plan_task', { title, description: 'Do it', ...more })).task_id;

it('reads 10 MB of text back, part by part', async () => {
  const task_id = await plan('large work');
  const line = 'All about größe, "quoted" and \\ back.\n';
  const work = line.repeat(Math.ceil(10_000_000 / Buffer.byteLength(line)));
  const { artifact_references: references } = await mcp.ok('orchestrator_complete_task', {
    task_id,
    summary: 'done',
    detailed_work: work,
    next_action: 'complete',
  });
  const texts: string[] = [];
  for (let uri: string | undefined = references[0].path; uri !== undefined; ) {
    const { contents } = await mcp.client.readResource({ uri });
    const [part, rest] = contents as readonly { readonly uri: string; readonly text: string }[];
    texts.push(part?.text ?? '');
    uri = rest?.uri;
  }
  expect(texts.length).toBeGreaterThan(1);
  expect(texts.join('') === work).toBe(true);
});

it('lists tasks that are long page by page, as many as there is room for', async () => {
  const description = 'x'.repeat(40_000);
  const ids: string[] = [];
  for (let count = 0; count < 90; count += 1)
    ids.push(await plan('long', { description, idempotency_key: `p${count}` }));
  const found: string[] = [];
  for (let more = true; more; ) {
    const page = await mcp.ok('orchestrator_query_tasks', {
      search_text: 'long',
      limit: 1_000,
      offset: found.length,
    });
    expect(page.tasks.length).toBeLessThan(90);
    if (page.has_more) expect(page.message).toContain(`offset ${found.length + page.tasks.length}`);
    found.push(...page.tasks.map(({ id }: { id: string }) => id));
    more = page.has_more;
  }
  expect(found).toEqual(ids.toReversed());
  const begun = await mcp.ok('orchestrator_initialize_session', { idempotency_key: 'begin' });
  expect(begun.active_tasks.length).toBeLessThan(90);
  expect(begun.message).toContain('90 unfinished tasks');
  expect(await mcp.ok('orchestrator_initialize_session', { idempotency_key: 'begin' })).toEqual(begun);
  expect((await mcp.ok('orchestrator_get_status')).tasks.length).toBeLessThan(90);
});
