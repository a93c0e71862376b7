/** Faults that no retry mends end a task at once: one attempt, words a person can act on, nothing left behind. */
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

it.each([
  ['a FIFO over a source file', 'rm a.txt && mkfifo a.txt', 'a.txt is neither a file nor a link'],
  [
    'an encoding that there is not',
    'echo "*.txt working-tree-encoding=nonsense" > .gitattributes; echo new > a.txt',
    'a.txt cannot be turned from nonsense into UTF-8',
  ],
])('%s', async (_, script, words) => {
  const repository = newRepository();
  const agent = { name: 'command', command: ['sh', '-c', `${script}; echo new > new.md`] };
  const id = await rig.run({ repository, agent });
  const state = await rig.until(id, closed);
  const notes = [`kept in the repository: pawl/${id} (its work)`];
  expect(state).toMatchObject({ status: 'failed', notes, attempts: [{ outcome: 'failed' }] });
  expect(state.failure).toMatchObject({ class: 'git', message: expect.stringContaining(words) });
  expect(userGit(repository, 'show', `pawl/${id}:new.md`)).toBe('new');
  expect(readdirSync(rig.places.workspaces)).toEqual([]);
});

it('a damaged object of the repository', async () => {
  const repository = newRepository();
  const oid = userGit(repository, 'rev-parse', 'HEAD:src/b.txt');
  const object = join(repository, '.git/objects', oid.slice(0, 2), oid.slice(2));
  chmodSync(object, 0o644);
  writeFileSync(object, '');
  const id = await rig.run({ repository, agent: { name: 'command', command: ['true'] } });
  const { failure, attempts } = await rig.until(id, closed);
  expect(attempts).toEqual([]);
  expect(failure).toMatchObject({ class: 'git', message: expect.stringMatching(/damaged .*git fsck/) });
  expect(readdirSync(rig.places.workspaces)).toEqual([]);
});
