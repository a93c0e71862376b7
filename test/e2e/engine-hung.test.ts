/**
 * An engine that hangs for good (SIGSTOP) while an agent works: who asks for an engine is told what helps, `pawl down` ends its
 * agent with it, and the attempt counts as one of any engine that was killed.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { markedProcesses } from '../../src/adapters/programs/processes.ts';
import { hostIdOf } from '../../src/engine/home.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { attach, by, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const atWork = () => markedProcesses(hostIdOf(rig.home));

/** A task whose agent waits for ever. */
async function begun(id: string): Promise<void> {
  await rig.run({ id, repository: newRepository(), ...by('waits') });
  await vi.waitFor(() => expect(atWork()).not.toEqual([]), 60_000);
}

/** What became of the first attempt by the next engine, and what it has begun instead. */
async function settledByNext(id: string) {
  await rig.leave();
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
  const { attempts } = await rig.until(id, ({ attempts }) => attempts.length === 2);
  await rig.api.cancel({ id });
  await rig.until(id, closed);
  return attempts.map(({ number, reason, outcome, failure }, index) =>
    // The second one was cancelled here. Temporal may have missed a heartbeat by then, and says so in words of its own.
    index === 0 ? { number, reason, outcome, class: failure?.class } : { number, reason },
  );
}

it('is told of, ended with its agent, and its attempt goes on', async () => {
  await begun('killed');
  process.kill(rig.endpoints.pid, 'SIGKILL');
  const asAfterCrash = await settledByNext('killed');

  await begun('hung');
  const { pid } = rig.endpoints;
  process.kill(pid, 'SIGSTOP');
  const silent = expect.stringMatching(
    new RegExp(`\\(pid ${pid}\\) holds .*\`pawl down\` ends it, then \`pawl up -d\` starts it again`),
  );
  const asked = await Promise.all(
    [['up', '-d'], ['ensure'], ['ensure', '--hook', '--within', '3'], ['list']].map((args) => rig.pawl(args)),
  );
  expect(asked).toEqual(asked.map(() => ({ code: 1, out: '', err: silent })));

  const down = await rig.pawl(['down']);
  expect(atWork()).toEqual([]);
  expect(down).toEqual({
    code: 0,
    err: `the engine (pid ${pid}) is asked to end, and killed where it has not within 30 s\nthe engine (pid ${pid}) has not ended: it is killed`,
    out: expect.stringMatching(
      /^the engine did not answer, and was killed\n\d+ programs? that it had left at work ended too \(attempt 1 of hung\)/,
    ),
  });
  expect(await settledByNext('hung')).toEqual(asAfterCrash);
}, 300_000);
