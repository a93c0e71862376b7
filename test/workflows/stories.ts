/** What happens to the tasks whose histories are kept, by the name of each. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createRunSpec } from '../../src/client/run-spec.ts';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { readConfig } from '../../src/config.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { operations } from '../../src/domain/operations.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { localDeps } from '../../src/local.ts';
import {
  approve,
  check,
  commit,
  env,
  folder,
  runOf,
  type Story,
  startWith,
  until,
  type World,
  waits,
} from './story-world.ts';

export const STORIES: Readonly<Record<string, Story>> = {
  async happy({ pawl }, id) {
    await pawl.run(runOf(id, ['writes', 'a.txt', 'a']));
    await approve(pawl, id);
  },
  async unverified({ pawl, client }, id) {
    await pawl.run(runOf(id, ['writes', 'a.txt', 'a'], { checks: [] }));
    await until(pawl, id, waits);
    const message = { gate: 'approval', decision: 'approve', by: 'ann' };
    await client.workflow.getHandle(id).signal('approve_gate', message);
  },
  /** The same since a commit is looked at also where there is no check. */
  async 'fourth-edition-unverified'(world, id) {
    await STORIES.unverified?.(world, id);
  },
  async 'fix-attempt'({ pawl }, id) {
    const fixed = check("process.exit(fs.readFileSync('heard.txt', 'utf8').startsWith('fix') ? 0 : 1)");
    await pawl.run(runOf(id, ['heeds', 'heard.txt'], { checks: [fixed] }));
    await approve(pawl, id);
  },
  async 'check-failed'({ pawl }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt'], { checks: [check('process.exit(1)')] }));
  },
  async 'no-change'({ pawl }, id) {
    await pawl.run(runOf(id, ['silent']));
  },
  async resumed({ pawl }, id) {
    await pawl.run(runOf(id, ['dies-at-first', '2']));
    await approve(pawl, id);
  },
  async rejected({ pawl }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt']));
    await until(pawl, id, waits);
    await pawl.reject({ id, by: 'ann', reason: 'say please' });
    await approve(pawl, id, (state) => state.attempts.length === 2);
  },
  async 'rejected-for-good'({ pawl }, id) {
    await pawl.run(runOf(id, ['writes', 'a.txt', 'a'], { policy: { onReject: 'fail' } }));
    await until(pawl, id, waits);
    await pawl.reject({ id, by: 'ann', reason: 'no' });
  },
  async 'base-moved'({ pawl }, id) {
    const run = runOf(id, ['writes', 'mine.txt', 'mine']);
    await pawl.run(run);
    await until(pawl, id, waits);
    commit(run.repository, 'theirs.txt');
    await approve(pawl, id);
    await approve(pawl, id, (state) => state.gates.length === 4);
  },
  async conflict({ pawl }, id) {
    const run = runOf(id, ['heeds', 'same.txt']);
    await pawl.run(run);
    await until(pawl, id, waits);
    commit(run.repository, 'same.txt');
    await approve(pawl, id);
    await approve(pawl, id, (state) => state.attempts.length === 2);
  },
  async escalated({ pawl }, id) {
    await pawl.run(runOf(id, ['blocked']));
    await until(pawl, id, waits);
    await pawl.retry({ id });
    await until(pawl, id, (state) => waits(state) && state.attempts.length === 2);
    await pawl.reject({ id, gate: 'escalation', by: 'ann', reason: 'no key' });
  },
  async 'told-at-work'({ pawl }, id) {
    await pawl.run(runOf(id, ['waits-until-told', 'told.txt']));
    await until(pawl, id, (state) => state.attempts[0]?.outcome === 'running');
    // Until its process runs, so that there is something to end.
    await setTimeout(1_000);
    await pawl.tell({ id, by: 'ann', text: 'mind the gap' });
    await approve(pawl, id);
  },
  async 'told-at-gate'({ pawl }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt']));
    await until(pawl, id, waits);
    await pawl.tell({ id, by: 'ann', text: 'say please' });
    await approve(pawl, id, (state) => state.attempts.length === 2);
  },
  async 'cancelled-at-gate'({ pawl }, id) {
    await pawl.run(runOf(id, ['writes', 'a.txt', 'a']));
    await until(pawl, id, waits);
    await pawl.cancel({ id });
  },
  async 'cancelled-at-work'({ pawl }, id) {
    await pawl.run(runOf(id, ['waits']));
    await until(pawl, id, (state) => state.attempts[0]?.outcome === 'running');
    await pawl.cancel({ id });
  },
  async 'continued-agent-run'({ pawl, client }, id) {
    const input = operations.run.input.parse(runOf(id, ['writes', 'a.txt', 'a']));
    await startWith(client, await createRunSpec(localDeps(readConfig(env)), input), 20);
    await approve(pawl, id);
  },
  async 'client-driven'({ pawl, client }, id) {
    await pawl.create({ id, title: 'Write the notes', context: { branch: 'main' } });
    await pawl.update({ id, status: 'in_progress', progress: 0.5, note: 'half', messageId: 'm1' });
    await client.workflow.getHandle(id).signal('update', { status: 'blocked', note: 'for a word' });
    await client.workflow.getHandle(id).signal('complete', 17);
    await pawl.complete({ id, summary: 'written', artifacts: ['notes.md'] });
  },
  async 'client-driven-failed'({ pawl }, id) {
    await pawl.create({ id, title: 'Write the notes' });
    await pawl.complete({ id, summary: 'cannot be done', outcome: 'failed' });
  },
  async 'continued-client-driven'({ pawl, client }, id) {
    const described = { id: operations.show.input.parse({ id }).id, title: 'Notes', description: '' };
    await startWith(client, { kind: 'client_driven', ...described }, 12);
    for (const note of ['one', 'two', 'three', 'four']) await pawl.update({ id, note });
    await pawl.complete({ id, summary: 'written' });
  },
  /** By the rules of the second edition: each change is told to lists with its time. */
  async 'second-edition'({ pawl }, id) {
    await pawl.create({ id, title: 'Write the notes', context: { branch: 'main' } });
    await pawl.claim({ id, by: 'ann' });
    await pawl.update({ id, note: 'half', progress: 0.5 });
    await pawl.update({ id, title: 'Write all notes', context: { pages: 3 } });
    await pawl.complete({ id, summary: 'written', artifacts: ['notes.md'] });
  },
  'third-edition-cancelled-when-full': cancelledWhenFull,
  'cancelled-when-full': cancelledWhenFull,
  async 'second-edition-cancelled'({ pawl }, id) {
    await pawl.create({ id, title: 'Write the notes' });
    await pawl.update({ id, status: 'in_progress' });
    await pawl.cancel({ id });
  },
  async 'second-edition-continued'({ pawl, client }, id) {
    const described = { id: TaskId.parse(id), title: 'Notes', description: '' };
    const plannedAt = '2026-01-02T03:04:05.000Z';
    await startWith(client, { kind: 'client_driven', ...described, plan: {}, plannedAt }, 16, EDITION);
    for (const page of ['one', 'two', 'three']) await pawl.update({ id, title: page, context: { page } });
    await pawl.complete({ id, summary: 'written' });
  },
  /** By the rules of the fourth edition: the attempt is heard out before it is cleaned up after. */
  async 'fourth-edition-cancelled-at-work'({ pawl }, id) {
    await pawl.run(runOf(id, ['writes-then-waits', 'half.txt']));
    await until(pawl, id, (state) => state.attempts[0]?.outcome === 'running');
    await setTimeout(1_000);
    await pawl.cancel({ id });
  },
  /** What its attempt leaves is named after the run, in all of its histories. */
  async 'fourth-edition-continued'({ pawl, client }, id) {
    const input = operations.run.input.parse(runOf(id, ['writes', 'a.txt', 'a']));
    const spec = await createRunSpec(localDeps(readConfig(env)), input);
    await startWith(client, spec, 20, EDITION);
    await approve(pawl, id);
  },
  /** Decided by the id of its gate; what names the gate before it is dropped. */
  async 'fourth-edition-decided-by-id'({ pawl, client }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt']));
    await until(pawl, id, waits);
    await pawl.tell({ id, by: 'ann', text: 'say please' });
    await until(pawl, id, (state) => waits(state) && state.attempts.length === 2);
    const decision = { decision: 'approve', by: 'ann' };
    const handle = client.workflow.getHandle(id);
    await handle.signal('approve_gate', { ...decision, gate: 'approval-1' });
    await handle.signal('approve_gate', { ...decision, gate: 'approval-2' });
  },
  /** Its agent reports under the token of its attempt; what brings another one is dropped, also once the attempt is over. */
  async 'fourth-edition-agent-reports'({ pawl, client }, id) {
    const [handed, sign] = [join(folder, `${id}.json`), join(folder, `${id}.go`)];
    await pawl.run(runOf(id, ['hands-out', handed, sign]));
    while (!existsSync(handed)) await setTimeout(50);
    const { PAWL_ATTEMPT_TOKEN: attemptToken } = JSON.parse(readFileSync(handed, 'utf8'));
    const handle = client.workflow.getHandle(id);
    await pawl.update({ id, note: 'half of it', progress: 0.5, attemptToken });
    await handle.signal('update', { note: 'by a signal', attemptToken });
    await handle.signal('update', { note: 'not mine', attemptToken: 'another' });
    writeFileSync(sign, '');
    await until(pawl, id, waits);
    await handle.signal('update', { note: 'too late', attemptToken });
    await approve(pawl, id);
  },
  /** Tells who waits for it. */
  async 'depended-on'({ pawl }, id) {
    await pawl.create({ id, title: 'First', complexity: 'simple' });
    await pawl.create({ id: 'dependent', title: 'Then', dependencies: [TaskId.parse(id)] });
    await until(pawl, id, ({ dependants }) => dependants?.length === 1);
    const { attemptToken } = await pawl.claim({ id, by: 'ann' });
    await pawl.update({ id, title: 'First of all', note: 'half', attemptToken });
    await pawl.complete({ id, summary: 'done', detail: 'all of it', attemptToken });
  },
  /** Waited for the one before. */
  async dependent({ pawl }, id) {
    await until(pawl, id, ({ status }) => status === 'pending');
    await pawl.complete({ id, summary: 'done as well' });
  },
  /** By the rules of the fourth edition: who is one too many is told. It is terminated, or it would tell all others of its end. */
  async 'fourth-edition-refuses-dependant'({ pawl, client }, id) {
    const dependants = Array.from({ length: LIMITS.dependantsPerTaskMax }, (_, at) => `asked-${at}`);
    const spec = { kind: 'client_driven', id, title: 'First', description: '', plan: {} };
    const args = [{ spec, edition: EDITION, dependants }];
    const memo = { edition: EDITION };
    await client.workflow.start('task', { workflowId: id, taskQueue: TASK_QUEUE, args, memo });
    const last = 'fourth-edition-refused-dependant';
    await pawl.create({ id: last, title: 'Then', dependencies: [TaskId.parse(id)] });
    await until(pawl, last, ({ waitingFor }) => waitingFor?.includes('tells no more') === true);
    await client.workflow.getHandle(id).terminate();
  },
  async 'fourth-edition-refused-dependant'({ pawl }, id) {
    await pawl.complete({ id, summary: 'given up', outcome: 'failed' });
  },
  /** The planner did not know how the one that it waits for had ended. */
  async 'dependent-too-late'({ pawl, client }, id) {
    const first = TaskId.parse('failed-before');
    await pawl.create({ id: first, title: 'Fails' });
    await pawl.complete({ id: first, summary: 'no way', outcome: 'failed' });
    const described = { id: TaskId.parse(id), title: 'Waits in vain', description: '' };
    const plannedAt = '2026-01-02T03:04:05.000Z';
    const plan = { dependencies: [first] };
    await startWith(client, { kind: 'client_driven', ...described, plan, plannedAt }, 1_000);
    await until(pawl, id, ({ waitingFor }) => waitingFor?.includes('failed') === true);
    await pawl.complete({ id, summary: 'given up', outcome: 'failed' });
  },
};

/** Its cancellation comes with the workflow task after which the run would hand over to the next. */
async function cancelledWhenFull({ client }: World, id: string): Promise<void> {
  const described = { id: TaskId.parse(id), title: 'Notes', description: '' };
  await startWith(client, { kind: 'client_driven', ...described }, 2, EDITION, '1 s');
  await client.workflow.getHandle(id).cancel();
}
