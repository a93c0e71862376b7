/** Why a task or an execution is not shown, or not as it is now. */
import { Problem } from '../client/problems.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { Visible } from '../shown/visible.tsx';

interface AbsentProps {
  readonly id: string;
  readonly kind?: 'task' | 'execution';
  readonly problem: Error | undefined;
}

export function TaskAbsent({ id, kind = 'task', problem }: AbsentProps) {
  if (problem === undefined) return <p class="quiet">Asking the engine…</p>;
  const isUnknown = problem instanceof Problem && (problem.status === 404 || problem.status === 422);
  return (
    <div class="sheet stack" role="alert">
      <h1>
        {isUnknown ? `No ${kind} ` : 'Not known now: '}
        <span class="mono">
          <Visible text={id} />
        </span>
      </h1>
      <p>
        <EngineWords text={problem.message} />
      </p>
      <p>
        <a href="/">What runs and what waits now</a>
      </p>
    </div>
  );
}

/** Of a task that is shown, and of which there is no newer answer. */
export function NoLonger({ problem }: { readonly problem: Error }) {
  const isGone = problem instanceof Problem && problem.status === 404;
  return (
    <p class="sheet standing" role="alert">
      {isGone ? (
        <strong>This task was removed: what you see is how it was.</strong>
      ) : (
        <EngineWords text={problem.message} />
      )}
    </p>
  );
}
