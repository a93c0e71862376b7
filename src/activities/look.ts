/**
 * The step by which the engine looks at a project for an execution: at the commit that is checked out there, in a repository of
 * its own. It runs the checks and commands that are asked for, and judges what is guaranteed by what it sees itself. Nothing in
 * the project changes; a look that was cut off is made again.
 */
import { Context } from '@temporalio/activity';
import { problemsWith } from '../domain/executions/judge-guarantee.ts';
import type { EndLooksInput, LookInput } from '../domain/executions/look-step.ts';
import type { Seen } from '../domain/executions/looks.ts';
import { maskAll } from '../domain/mask.ts';
import type { OwnerRef } from '../domain/owner-ref.ts';
import type { CommitCheckDeps } from './check-commit.ts';
import type { ActivityDeps } from './deps.ts';
import { stepFailure } from './failure.ts';
import { gatherFacts } from './gather-facts.ts';
import { runAsked } from './look-runs.ts';
import { maskFor } from './masking.ts';
import type { Running } from './running.ts';

type LookDeps = Omit<CommitCheckDeps, 'commits'> &
  Pick<ActivityDeps, 'isStartedHere' | 'matcher' | 'projects'>;

export async function look(
  deps: LookDeps,
  input: LookInput,
  { signal }: Pick<Running, 'signal'>,
): Promise<Seen> {
  const { execution, baseCommit, branch, guarantees } = input;
  // Before anything is read or run for it.
  const isItsOwn = Context.current().info.workflowExecution?.workflowId === execution;
  if (!isItsOwn || !deps.isStartedHere(execution, input.start)) throw startedPast(execution);
  const owner = ownerOf(input);
  const { projects } = deps;
  const seen = await projects.exclusively(owner, signal, async (): Promise<Seen> => {
    const commit = await projects.bring(owner, baseCommit, branch);
    const { evidence, runs, outputs } = await runAsked(deps, { owner, commit, input }, signal);
    const facts = { ...(await gatherFacts(deps, { owner, commit, input })), runs };
    const found = guarantees.map((one) => {
      const errors = problemsWith(one, facts);
      const output = outputs.get(one.id);
      const printed = output === undefined ? {} : { output };
      return { id: one.id, passed: errors.length === 0, errors, commit, ...printed };
    });
    return { commit, guarantees: found, evidence };
  });
  // As it is by now: what was copied is known since then.
  return maskAll(maskFor(deps, {}), seen);
}

/** After the last look of an execution: what looks have left on this host goes. Idempotent. */
export async function endLooks(
  { endMarked, marks, projects }: Pick<ActivityDeps, 'endMarked' | 'marks' | 'projects'>,
  input: EndLooksInput,
): Promise<void> {
  await endMarked(marks.ofTask(input.execution));
  await projects.end(ownerOf({ ...input, title: input.execution }));
}

const ownerOf = ({
  execution,
  title,
  project,
}: Pick<LookInput, 'execution' | 'title' | 'project'>): OwnerRef => ({
  id: execution,
  title,
  repository: project,
});

const startedPast = (id: string): Error =>
  stepFailure(
    'rejected',
    `expected an execution that the engine of this home has started, found ${id} started past it: nothing was looked at; start it with \`pawl execution start\``,
  );
