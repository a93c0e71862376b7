/** What happens to the tasks on GitHub whose histories are kept, by the name of each. */

import { execFileSync } from 'node:child_process';
import type { TaskState } from '../../src/domain/task-state.ts';
import type { FakeGitHub } from '../fixtures/github/server.ts';
import { approve, runOf, type Story, until, waits } from './story-world.ts';

const isBlocked = ({ status }: TaskState) => status === 'blocked';

export const onGitHub = (github: FakeGitHub): Readonly<Record<string, Story>> => ({
  /** By the rules of the fourth edition: a person is asked, and a retry goes on with the watch. */
  async 'fourth-edition-unwatched'({ pawl }, id) {
    const run = runOf(id, ['writes', 'a.txt', 'a']);
    execFileSync('git', ['remote', 'add', 'origin', github.url], { cwd: run.repository });
    await pawl.run(run);
    await until(pawl, id, waits);
    const number = github.pulls().at(-1)?.number ?? 0;
    github.block(number, 'At least 1 approving review is required');
    await approve(pawl, id);
    await until(pawl, id, isBlocked);
    github.fault = () => ({ status: 401, message: 'Bad credentials' });
    await until(pawl, id, waits);
    github.fault = () => undefined;
    await pawl.retry({ id });
    await until(pawl, id, isBlocked);
    github.block(number, undefined);
  },
});
