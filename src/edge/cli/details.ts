/** What a task is and left, for a person, besides what has happened to it. Pure. */
import { referenceIn } from '../../domain/artifact-address.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { safeLine, safeText } from './telling.ts';

export interface Detail {
  readonly label: string;
  readonly text: string;
}

/** A run's description is its requirement, of which the title is the head: only who plans a task says more. */
export function detailsOf(task: TaskState): Detail[] {
  const { plan = {}, progress, dependants = [] } = task;
  const { session, parent, dependencies = [] } = plan;
  const details: readonly [string, string | undefined][] = [
    ...descriptionOf(task).map((line): [string, string] => ['', line]),
    ['session', session],
    ['part of', parent],
    ['plan', planWords(plan)],
    ['after', dependencies.join(' ')],
    ['before', dependants.join(' ')],
    ['progress', progress === undefined ? undefined : `${Math.round(progress * 100)} %`],
    ...task.artifacts.map((address): [string, string] => ['artifact', artifactWords(address)]),
  ];
  return details.flatMap(([label, text = '']) => {
    const line = safeLine(text);
    return line === '' ? [] : [{ label, text: line }];
  });
}

const descriptionOf = ({ kind, description }: TaskState): readonly string[] =>
  kind === 'agent_run' ? [] : safeText(description).split('\n');

function planWords({ type, complexity, specialist, effort, due }: NonNullable<TaskState['plan']>): string {
  const parts = [
    type,
    complexity,
    ...(specialist === undefined ? [] : [`for ${specialist}`]),
    effort,
    ...(due === undefined ? [] : [`due ${due}`]),
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** The digest is what `pawl artifact` takes. */
function artifactWords(address: string): string {
  const reference = referenceIn(address);
  if (reference === undefined) return address;
  const { digest, type, bytes, name } = reference;
  return `${digest}  ${type}, ${bytes} bytes${name === undefined ? '' : `, ${name}`}`;
}
