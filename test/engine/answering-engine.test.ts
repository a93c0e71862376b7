/** An engine whose process runs is asked before it counts as one that is there; with real processes. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answeringEngine } from '../../src/engine/answering-engine.ts';
import { stopEngine } from '../../src/engine/stop-engine.ts';
import { configOf, temporalsOf, temporaryHome } from './engine-rig.ts';

const PROGRAM = [join(import.meta.dirname, '../fixtures/engine/up.ts')];
let home = '';
let remove = () => {};
beforeEach(() => {
  ({ home, remove } = temporaryHome());
});
afterEach(async () => {
  await stopEngine(configOf(home), { stopMs: 200 });
  expect(temporalsOf(home)).toEqual([]);
  remove();
});

const answering = (answerMs?: number, signal?: AbortSignal) =>
  answeringEngine(configOf(home), () => undefined, {
    program: PROGRAM,
    ...(answerMs !== undefined && { answerMs }),
    ...(signal && { signal }),
  });

it('that holds its home and is silent is named, with what helps; one that is killed meanwhile is followed by another', async () => {
  const first = await answering();
  expect(await answering()).toEqual(first);
  process.kill(first.pid, 'SIGSTOP');
  await expect(answering(300)).rejects.toMatchObject({
    code: 'unavailable',
    message: `the engine (pid ${first.pid}) holds this home and does not answer: \`pawl down\` ends it, then \`pawl up -d\` starts it again`,
  });
  await expect(answering(60_000, AbortSignal.timeout(300))).rejects.toThrow('timeout');
  const next = answering(60_000);
  process.kill(first.pid, 'SIGKILL');
  expect((await next).pid).not.toBe(first.pid);
});
