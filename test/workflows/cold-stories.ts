/** What happens to tasks of a worker that keeps none of them in its cache: each message finds it cold. */
import { createRunSpec } from '../../src/client/run-spec.ts';
import { readConfig } from '../../src/config.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { operations } from '../../src/domain/operations.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { localDeps } from '../../src/local.ts';
import { approve, begun, env, runOf, type Story, startWith, until, waits } from './story-world.ts';

/** What happens to tasks of a worker that keeps none of them: each message finds it cold. */
export const COLD: Readonly<Record<string, Story>> = {
  async 'cold-update'({ pawl }, id) {
    await begun(pawl, id);
    await pawl.update({ id, note: 'first' });
    await pawl.update({ id, status: 'in_progress', progress: 0.5 });
    await pawl.complete({ id, summary: 'done' });
  },
  async 'cold-complete'({ pawl }, id) {
    await begun(pawl, id);
    await pawl.complete({ id, summary: 'done', artifacts: ['notes.md'] });
  },
  async 'cold-claim'({ pawl }, id) {
    await begun(pawl, id);
    const { attemptToken } = await pawl.claim({ id, by: 'ann' });
    await pawl.complete({ id, summary: 'done', attemptToken });
  },
  async 'cold-signals'({ pawl, client }, id) {
    await begun(pawl, id);
    const handle = client.workflow.getHandle(id);
    await handle.signal('update', { note: 'first' });
    await handle.signal('no_such_message', {});
    await handle.signal('claim', { by: 'ann' });
    await handle.signal('complete', { summary: 'done' });
  },
  async 'cold-ignored-signal'({ pawl, client }, id) {
    await begun(pawl, id);
    const handle = client.workflow.getHandle(id);
    await handle.signal('no_such_message', {});
    await until(pawl, id, ({ ignoredMessages }) => ignoredMessages === 1);
    await pawl.complete({ id, summary: 'done' });
  },
  async 'cold-two-at-once'({ pawl }, id) {
    await begun(pawl, id);
    await Promise.all([pawl.update({ id, note: 'one' }), pawl.complete({ id, summary: 'two' })]).catch(
      () => undefined,
    );
  },
  async 'cold-burst'({ pawl }, id) {
    await begun(pawl, id);
    const notes = Array.from({ length: 30 }, (_, at) => `note ${at}`);
    await Promise.all(notes.map((note) => pawl.update({ id, note })));
    await pawl.complete({ id, summary: 'done' });
  },
  async 'cold-before-it-began'({ client }, id) {
    const described = { id: TaskId.parse(id), title: 'Notes', description: '' };
    await startWith(client, { kind: 'client_driven', ...described }, 1_000, EDITION);
    const handle = client.workflow.getHandle(id);
    const tell = (name: string, body: object) => handle.executeUpdate(name, { args: [body] });
    await Promise.all([
      tell('update', { note: 'at once' }),
      tell('claim', { by: 'ann' }),
      handle.signal('update', { note: 'too' }),
    ]);
    await tell('complete', { summary: 'done' });
  },
  async 'cold-continued'({ pawl, client }, id) {
    const described = { id: TaskId.parse(id), title: 'Notes', description: '' };
    const plannedAt = '2026-01-02T03:04:05.000Z';
    await startWith(client, { kind: 'client_driven', ...described, plan: {}, plannedAt }, 16, EDITION);
    for (const note of ['one', 'two', 'three']) await pawl.update({ id, note });
    await pawl.complete({ id, summary: 'written' });
  },
  async 'cold-depended-on'({ pawl }, id) {
    await begun(pawl, id);
    await pawl.create({ id: 'cold-dependent', title: 'Then', dependencies: [TaskId.parse(id)] });
    await until(pawl, id, ({ dependants }) => dependants?.length === 1);
    await pawl.complete({ id, summary: 'done' });
  },
  async 'cold-dependent'({ pawl }, id) {
    await until(pawl, id, ({ status }) => status === 'pending');
    await pawl.update({ id, note: 'mine now' });
    await pawl.complete({ id, summary: 'done as well' });
  },
  async 'cold-agent-run'({ pawl }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt']));
    await until(pawl, id, waits);
    await pawl.update({ id, note: 'looked at' });
    await pawl.tell({ id, by: 'ann', text: 'say please' });
    await approve(pawl, id, (state) => state.attempts.length === 2);
  },
  async 'cold-continued-agent-run'({ pawl, client }, id) {
    const input = operations.run.input.parse(runOf(id, ['writes', 'a.txt', 'a']));
    await startWith(client, await createRunSpec(localDeps(readConfig(env)), input), 20, EDITION);
    await approve(pawl, id);
  },
};
