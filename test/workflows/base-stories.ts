/** What git makes of tasks whose histories are kept: conflicts that stay, a base that was rewritten, a file it cannot keep. */
import { execFileSync } from 'node:child_process';
import type { Pawl } from '../../src/client.ts';
import { approve, commit, runOf, type Story, until, waits } from './story-world.ts';

const shell = (script: string) => ({ agent: { name: 'command', command: ['sh', '-c', script] } });

export const OF_GIT: Readonly<Record<string, Story>> = {
  async 'fourth-edition-unsolved-conflict'({ pawl }, id) {
    const lazy = 'if grep -q "<<<<<<<" same.txt; then echo done > note.txt; else echo mine > same.txt; fi';
    const run = runOf(id, [], shell(lazy));
    await pawl.run(run);
    await until(pawl, id, waits);
    commit(run.repository, 'same.txt');
    await approve(pawl, id);
    await until(pawl, id, (state) => waits(state) && state.attempts.length === 3);
    await pawl.reject({ id, gate: 'escalation', by: 'ann', reason: 'I do it' });
  },
  async 'fourth-edition-base-rewritten'({ pawl }, id) {
    const run = runOf(id, ['writes', 'mine.txt', 'mine']);
    await pawl.run(run);
    await until(pawl, id, waits);
    const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'];
    execFileSync('git', [...who, 'commit', '-q', '--amend', '-m', 'other words'], { cwd: run.repository });
    await approve(pawl, id);
    await approve(pawl, id, (state) => state.gates.length === 4);
  },
  /** The base moves before the merge: the approval is carried over to the same change. */
  async 'fourth-edition-carried-over'({ pawl }, id) {
    const run = runOf(id, ['writes', 'mine.txt', 'mine']);
    await pawl.run(run);
    await until(pawl, id, waits);
    commit(run.repository, 'theirs.txt');
    await approve(pawl, id);
  },
  /** A reviewer works on the branch twice: the change is approved, then rejected. */
  async 'fourth-edition-worked-on'({ pawl }, id) {
    const run = runOf(id, ['heeds', 'heard.txt']);
    const { repository } = run;
    const review = (file: string) => {
      execFileSync('git', ['switch', '-q', `pawl/${id}`], { cwd: repository });
      commit(repository, file);
      execFileSync('git', ['switch', '-q', 'main'], { cwd: repository });
    };
    await pawl.run(run);
    await until(pawl, id, waits);
    review('one.txt');
    await approve(pawl, id);
    await until(pawl, id, (state) => waits(state) && state.attempts.length === 2);
    review('two.txt');
    await pawl.reject({ id, by: 'ann', reason: 'say please' });
    await approve(pawl, id, (state) => state.attempts.length === 4);
  },
  /** Its base has another name by then. Recorded before a person was asked where a merge fails for good. */
  async 'fourth-edition-merge-failed'({ pawl }, id) {
    const { repository } = await atRenamedBase(pawl, id);
    await until(pawl, id, ({ status }) => status === 'failed');
    rename(repository, 'trunk', 'main');
  },
  /** The same since then: the base gets its name back, and the merge is tried again. */
  async 'fourth-edition-undone'({ pawl }, id) {
    const { repository } = await atRenamedBase(pawl, id);
    await until(pawl, id, (state) => waits(state) && state.gates.at(-1)?.gate === 'escalation');
    rename(repository, 'trunk', 'main');
    await pawl.retry({ id });
  },
  async 'fourth-edition-final-failure'({ pawl }, id) {
    await pawl.run(runOf(id, [], shell('rm README.md && mkfifo README.md')));
  },
};

const rename = (repository: string, from: string, to: string) =>
  execFileSync('git', ['branch', '-m', from, to], { cwd: repository });

async function atRenamedBase(pawl: Pawl, id: string) {
  const run = runOf(id, ['writes', 'mine.txt', 'mine']);
  await pawl.run(run);
  await until(pawl, id, waits);
  rename(run.repository, 'main', 'trunk');
  await approve(pawl, id);
  return run;
}
