/** Tasks of one repository do not see each other's git, nothing that an agent made is lost, and git answers as in a clone. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitFiles, newRepository, scratchFolder, tipOf, userGit } from '../adapters/scratch-repository.ts';
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

it.each([
  ['goes on from', false],
  ['begins without', true],
])(
  'a run %s the work of one that was cancelled, which stays reachable when it is cancelled as well',
  async (_, fresh) => {
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
    const commit = tipOf(repository, `refs/heads/${work}`) ?? '';
    expect((await rig.pawl(['retry', id, ...(fresh ? ['--fresh'] : [])])).code).toBe(0);
    await working(run);
    await rig.api.cancel({ id });
    const { notes } = await rig.until(id, closed);
    const second = filesIn(repository, work);
    expect(notes.at(-1)).toBe(`kept in the repository: ${work} (its work)`);
    expect(second).toHaveLength(fresh ? 1 : 2);
    if (fresh) {
      expect(notes[0]).toBe(`kept in the repository: ${work}.kept-1 (the run before)`);
      expect(filesIn(repository, `${work}.kept-1`)).toEqual(first);
      expect(second).not.toEqual(first);
    } else {
      expect(notes[0]).toBe(`goes on from the work of the run before (${commit.slice(0, 7)})`);
      expect(second).toEqual(expect.arrayContaining(first));
      expect(userGit(repository, 'rev-list', work).split('\n')).toContain(commit);
    }
  },
);

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

it('an agent is told of the work that its run goes on from, and may find nothing to add', async () => {
  const repository = newRepository();
  const told = JSON.stringify(join(scratchFolder(), 'told.json'));
  // The check fails until somebody has mended what it needs outside of the repository.
  const mended = join(scratchFolder(), 'mended');
  const script = `cat > ${told}; test -f work.txt || echo work > work.txt`;
  const checks = [{ name: 'mended', run: sh(`test -f ${mended}`) }];
  const id = await rig.run({ repository, ...byScript(script), checks, policy: { fixAttemptsMax: 0 } });
  const { run } = await rig.until(id, closed);
  writeFileSync(mended, '');
  const commit = tipOf(repository, `refs/heads/pawl/${id}`);
  await rig.api.retry({ id });
  const shown = await rig.until(id, (state) => state.run !== run && atGate(state));
  expect(shown.attempts).toMatchObject([{ outcome: 'done', commit }]);
  expect(shown.pullRequest).toMatchObject({ commit, files: 1 });
  const { attempt } = JSON.parse(readFileSync(JSON.parse(told), 'utf8'));
  expect(attempt).toMatchObject({
    reason: 'first',
    feedback: expect.stringContaining('the work of the run before this one'),
  });
  await rig.api.approve({ id });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
  expect(userGit(repository, 'show', 'main:work.txt')).toBe('work');
});

it('work that conflicts with the base as it is now is given to the agent with markers, and said', async () => {
  const repository = newRepository({ 'f.txt': 'a\nb\nc\n' });
  const script =
    'if grep -q "<<<<<<<" f.txt; then printf "a\\nsolved\\nc\\n" > f.txt; else sed -i "s/^b/by the agent/" f.txt; fi';
  const id = await rig.run({ repository, ...byScript(script), checks: has('f.txt') });
  const { run } = await rig.until(id, atGate);
  await rig.api.cancel({ id });
  commitFiles(repository, { 'f.txt': 'a\nby a person\nc\n' });
  await rig.api.retry({ id });
  const { notes } = await rig.until(id, (state) => state.run !== run && atGate(state));
  expect(notes.join()).toMatch(
    /goes on from the work of the run before \([0-9a-f]{7}\), which conflicts with main in f\.txt/,
  );
  await rig.api.approve({ id });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
  expect(userGit(repository, 'show', 'main:f.txt')).toBe('a\nsolved\nc');
});

it('a retry at an escalation takes no wish to begin anew', async () => {
  const id = await rig.run({ repository: newRepository(), ...by('blocked') });
  await rig.until(id, atGate);
  await expect(rig.api.retry({ id, fresh: true })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('waits at an escalation'),
  });
  await rig.api.cancel({ id });
});
