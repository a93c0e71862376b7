/** Tasks of one repository do not see each other's git, nothing that an agent made is lost, and git answers as in a clone. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, tipOf, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const sh = (script: string) => ['sh', '-c', script];
/** Commits of the agent's own need somebody who made them. */
const GIT = 'git -c user.name=a -c user.email=a@b';
const byScript = (script: string) => ({ agent: { name: 'command', command: sh(script) } });
const has = (file: string) => [{ name: 'there', run: sh(`test -f ${file}`) }];

const filesIn = (repository: string, commit: string) =>
  userGit(repository, 'diff', '--name-only', 'main', commit).split('\n').filter(Boolean);

it('a stash is of its task alone, named where it was all that the task did, and kept', async () => {
  const repository = newRepository();
  const stash = `echo stashed > s.txt && git add . && ${GIT} stash -q`;
  const first = await rig.run({
    repository,
    ...byScript(stash),
    checks: has('s.txt'),
    policy: { attemptsMax: 1 },
  });
  const ended = await rig.until(first, closed);
  expect(ended.failure).toMatchObject({ class: 'no_change', message: expect.stringContaining('a stash') });
  const kept = `pawl/${first}.kept-1`;
  expect(ended.notes).toEqual([`kept in the repository: ${kept} (a stash)`]);
  expect(filesIn(repository, kept)).toEqual(['s.txt']);
  const list = `git stash list > list.txt; ${GIT} stash -q; git stash pop -q; echo mine > mine.txt`;
  const second = await rig.run({ repository, ...byScript(list), checks: has('mine.txt') });
  const { pullRequest } = await rig.until(second, atGate);
  expect(filesIn(repository, pullRequest?.commit ?? '')).toEqual(['list.txt', 'mine.txt']);
  expect(userGit(repository, 'show', `${pullRequest?.commit}:list.txt`)).toBe('');
  await rig.api.cancel({ id: second });
});

it('a branch is of its task alone, named where it was all that the task did, and kept', async () => {
  const repository = newRepository();
  const branch = `git checkout -q -b fix/login && echo fixed > login.txt && git add . && ${GIT} commit -qm fixed && git checkout -q -`;
  const first = await rig.run({
    repository,
    ...byScript(branch),
    checks: has('login.txt'),
    policy: { attemptsMax: 1 },
  });
  const ended = await rig.until(first, closed);
  expect(ended.failure?.message).toContain('branch fix/login');
  expect(ended.notes.at(-1)).toContain(`pawl/${first}.kept-1 (branch fix/login)`);
  expect(userGit(repository, 'show', `pawl/${first}.kept-1:login.txt`)).toBe('fixed');
  const same = 'git checkout -b fix/login && echo x > y.txt';
  const second = await rig.run({ repository, ...byScript(same), checks: has('y.txt') });
  const { pullRequest } = await rig.until(second, atGate);
  expect(filesIn(repository, pullRequest?.commit ?? '')).toEqual(['y.txt']);
  await rig.api.cancel({ id: second });
});

it('the work of a run that was cancelled stays reachable when the next one is cancelled as well', async () => {
  const repository = newRepository();
  // Says so once it has written what no other run writes.
  const script = 'echo "$$" > "result-$(date +%s%N).txt"; echo written; sleep 600';
  const id = await rig.run({ repository, ...byScript(script), checks: has('a.txt') });
  const working = async (before?: string) => {
    const at = await rig.until(id, (state) => state.run !== before && state.attempts.length > 0);
    for (;;) {
      const { lines } = await rig.api.logs({ id, attempt: 1 });
      if (lines.some(({ text }) => text === 'written')) return at;
    }
  };
  const { run } = await working();
  await rig.api.cancel({ id });
  const work = `pawl/${id}`;
  expect((await rig.until(id, closed)).notes).toEqual([`kept in the repository: ${work} (its work)`]);
  const first = filesIn(repository, work);
  expect(first).toHaveLength(1);
  await rig.api.retry({ id });
  await working(run);
  await rig.api.cancel({ id });
  expect((await rig.until(id, closed)).notes).toEqual([
    `kept in the repository: ${work}.kept-1 (the run before)`,
    `kept in the repository: ${work} (its work)`,
  ]);
  expect(filesIn(repository, `${work}.kept-1`)).toEqual(first);
  expect(filesIn(repository, work)).not.toEqual(first);
});

it('checks that ask git get the answers of the clone of the user', async () => {
  const repository = newRepository();
  userGit(repository, 'tag', 'v1.2.0');
  const questions = ['git describe --tags', 'git merge-base main HEAD', 'git diff --name-only main...HEAD'];
  const told = 'echo "$PAWL_TASK $PAWL_BASE_BRANCH $PAWL_BASE_COMMIT"';
  const checks = [...questions, told].map((line) => ({ name: line, run: sh(line) }));
  const id = await rig.run({ repository, ...byScript(`${told} > told.txt`), setup: sh(told), checks });
  const { gates, pullRequest } = await rig.until(id, atGate);
  const base = tipOf(repository, 'refs/heads/main');
  const tails = gates.find(({ gate }) => gate === 'check')?.evidence?.map(({ tail }) => tail.trim());
  const short = userGit(repository, 'rev-parse', '--short', pullRequest?.commit ?? '');
  expect(tails).toEqual([`v1.2.0-1-g${short}`, base, 'told.txt', `${id} main ${base}`]);
  expect(userGit(repository, 'show', `${pullRequest?.commit}:told.txt`)).toBe(`${id} main ${base}`);
  await rig.api.cancel({ id });
});

it('what set-up wrote is not the work of an agent that did nothing', async () => {
  const repository = newRepository();
  const setup = sh('echo "{}" > package-lock.json');
  const id = await rig.run({
    repository,
    ...byScript('test -f package-lock.json'),
    setup,
    checks: has('a.txt'),
  });
  const { status, attempts } = await rig.until(id, ({ attempts: all }) => all.some(({ failure }) => failure));
  expect(attempts[0]).toMatchObject({ failure: { class: 'no_change' } });
  expect(status).not.toBe('completed');
  await rig.api.cancel({ id });
});

it('what a person said to a run that failed is heard by the agent of the next', async () => {
  const repository = newRepository();
  // Its first run ends by the rejection, before an agent has heard of it.
  const id = await rig.run({
    repository,
    ...by('heeds', 'heard.txt'),
    checks: has('heard.txt'),
    policy: { onReject: 'fail' },
  });
  const { run } = await rig.until(id, atGate);
  await rig.api.reject({ id, reason: 'keep the old route' });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'failed', said: expect.any(String) });
  await rig.api.retry({ id });
  const { pullRequest } = await rig.until(id, (state) => state.run !== run && atGate(state));
  expect(userGit(repository, 'show', `${pullRequest?.commit}:heard.txt`)).toMatch(
    /rejected by .*: keep the old route$/,
  );
  await rig.api.cancel({ id });
});
