/** An execution together with how the tasks stand that do its skills: its workflow hears of them only when they end. Pure. */
import type { TaskState } from '../task-state.ts';
import { type ExecutionState, isOver, type SkillView } from './execution-state.ts';
import { skillsIn } from './state-parts.ts';

/** A skill, or one item of the list that it is done for. */
type Part = Pick<SkillView, 'state' | 'task' | 'taskStatus' | 'waitingFor'>;

const isUnderWay = ({ state, task }: Part): boolean => state === 'in-progress' && task !== undefined;

/** Ids of the tasks that are under way; none once the execution is over, whose tasks end with it. */
export const tasksUnderWay = (state: ExecutionState): readonly string[] =>
  (isOver(state.status) ? [] : skillsIn(state))
    .flatMap((skill): readonly Part[] => skill.items ?? [skill])
    .flatMap((one) => (isUnderWay(one) ? (one.task ?? []) : []));

/** @param tasks by id, those of which something is known */
export function withTasks(state: ExecutionState, tasks: ReadonlyMap<string, TaskState>): ExecutionState {
  if (tasks.size === 0) return state;
  const shown = <P extends Part>(part: P): P => {
    const task = isUnderWay(part) ? tasks.get(part.task ?? '') : undefined;
    return task === undefined ? part : { ...part, ...standingOf(task) };
  };
  return {
    ...state,
    phases: state.phases.map((phase) => ({
      ...phase,
      skills: phase.skills.map((skill) =>
        skill.items === undefined
          ? shown(skill)
          : { ...skill, items: skill.items.map((item) => shown(item)) },
      ),
    })),
  };
}

function standingOf({ status, waitingFor, gates }: TaskState): Pick<Part, 'taskStatus' | 'waitingFor'> {
  const open = gates.find((gate) => gate.status === 'open');
  const waits =
    open === undefined ? waitingFor : [open.question ?? open.gate, open.next].filter(Boolean).join(': ');
  return { taskStatus: status, ...(waits !== undefined && { waitingFor: waits }) };
}
