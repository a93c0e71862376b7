/** The looks of the engine at the project of an execution: each is a step, and several may be under way. */
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { digestOf } from '../domain/digest.ts';
import type { Execution } from '../domain/executions/execution-record.ts';
import {
  applyBlindLook,
  applyLook,
  isEverLookedAt,
  type Look,
  looksDue,
} from '../domain/executions/looks.ts';
import { hasTasks } from '../domain/executions/skill-tasks.ts';
import { branchOf } from '../domain/ids.ts';
import { looksOn } from './activity-options.ts';
import { stepFailureOf } from './step-failure.ts';
import { now } from './turn.ts';
import type { UnderWay } from './under-way.ts';

export function createLooking(execution: Execution, seal: string): UnderWay {
  const { spec, record } = execution;
  const { look: step } = looksOn(spec.host);
  const scope = new CancellationScope();
  const running = new Set<string>();
  let count = 0;

  const lookAt = async (look: Look): Promise<void> => {
    const { guarantees, checks, deliverables } = look;
    const { id, title, project, baseCommit } = spec;
    const start = { spec: digestOf(spec), seal };
    const branch = hasTasks(spec) ? { branch: branchOf(id) } : {};
    const input = {
      execution: id,
      title,
      project,
      baseCommit,
      guarantees,
      checks,
      deliverables,
      start,
      ...branch,
    };
    try {
      const seen = await step.executeWithOptions({ summary: summaryOf(look) }, [input]);
      applyLook(execution, look, seen);
    } catch (error) {
      if (isCancellation(error)) return;
      applyBlindLook(execution, look, stepFailureOf(error).failure.message, now());
    }
    record.changedAt = now();
  };
  return {
    begin() {
      for (const look of looksDue(execution)) {
        if (running.has(look.key)) continue;
        running.add(look.key);
        void scope
          .run(() => lookAt(look))
          .finally(() => {
            running.delete(look.key);
            count += 1;
          });
      }
    },
    seen: () => count,
    isQuiet: () => running.size === 0,
    end: () =>
      CancellationScope.nonCancellable(() => {
        scope.cancel();
        return condition(() => running.size === 0);
      }),
  };
}

/** Once the execution is over. What cannot be removed stays on the disk of its host, and holds nothing up. */
export async function endLooks({ spec }: Execution): Promise<void> {
  if (!isEverLookedAt(spec)) return;
  try {
    await looksOn(spec.host).endLooks({ execution: spec.id, project: spec.project });
  } catch (error) {
    stepFailureOf(error);
  }
}

function summaryOf({ of, guarantees, checks }: Look): string {
  const what = 'skill' in of ? `skill ${of.skill}` : `gate ${of.gate}`;
  return `${what}: ${[...checks.map(({ name }) => name), ...guarantees.map(({ id }) => id)].join(', ')}`;
}
