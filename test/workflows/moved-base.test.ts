/** An approved change whose base moves to one that says otherwise how it is checked. */
import { describe, expect, it } from 'vitest';
import { approve, atGate, harness, start } from './agent-tasks.ts';
import { agentSpec, easy, type Steps } from './easy-steps.ts';
import { type Moved, merges, moved, offers } from './moving-steps.ts';

describe('where pawl.yaml of the moved base', () => {
  const TESTS = { name: 'tests', run: ['npm', 'test'] };
  const LINT = { name: 'lint', run: ['npm', 'run', 'lint'] };
  const onto = (configuration: NonNullable<Moved['configuration']>): Partial<Steps> => ({
    publish: offers(),
    merge: merges(moved(1, { configuration })),
  });
  const asked = async (own: Partial<Steps>) => {
    const task = await start(agentSpec(), own);
    await atGate(task);
    await approve(task);
    const again = await task.until(({ gates, status }) => status === 'awaiting_gate' && gates.length > 2);
    const { input } = harness.calls(task.id).findLast(({ step }) => step === 'runChecks') ?? {};
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
    return { notes: again.notes, input };
  };

  it('says otherwise, the change is checked by that and shown again', async () => {
    const now = { checks: [TESTS, LINT], protect: ['test/**'], setupCommand: ['make'] };
    const { notes, input } = await asked(onto({ kind: 'read', ...now }));
    const { setupCommand: setup, ...rest } = now;
    expect(input).toMatchObject({ baseCommit: 'base1', setup, ...rest });
    expect(notes).toContain('pawl.yaml of main has changed: setup, checks, protect');
  });

  it('cannot be read, it is checked as before and shown again', async () => {
    const { notes, input } = await asked(onto({ kind: 'problem', problem: 'line 1: no' }));
    expect(input).toMatchObject({ baseCommit: 'base1', checks: [TESTS] });
    expect(notes.at(-1)).toMatch(/cannot be read.*: line 1: no$/);
  });

  it('says the same in other words, its approval is carried over', async () => {
    const configuration = { kind: 'read', checks: [TESTS], protect: [], setupCommand: null } as const;
    const prepareWorkspace: Steps['prepareWorkspace'] = async (input) => ({
      ...(await easy.prepareWorkspace(input)),
      setupCommand: null,
    });
    const task = await start(agentSpec(), { ...onto(configuration), prepareWorkspace });
    await atGate(task);
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
    expect((await task.state()).gates.at(-1)).toMatchObject({ carriedFrom: 'approval-1' });
  });
});

it('a change that people have brought into the base themselves is over, and the task says how', async () => {
  const byHand = 'main at 1234567 has all of this change already';
  const task = await start(agentSpec(), {
    merge: async () => ({ kind: 'merged', commit: 'theirs', byHand }),
  });
  await atGate(task);
  await approve(task);
  expect(await task.result()).toMatchObject({ status: 'completed' });
  expect((await task.state()).notes).toContain(byHand);
});
