/** What the feed has told: every row of the lists, and how far the agents of open tasks have printed. */
import { computed, signal } from '@preact/signals';
import type { FeedEvent } from '../../domain/events.ts';
import type { ExecutionRow } from '../../domain/executions/execution-rows.ts';
import type { TaskRow } from '../../domain/rows.ts';
import type { Warning } from '../../domain/warning-signs.ts';

const tasksById = new Map<string, TaskRow>();
const executionsById = new Map<string, ExecutionRow>();

/** Grows with each change. The maps are changed in place, because a copy of 10,000 rows for each event is what costs. */
const version = signal(0);
/** How often the feed has told of each: a row tells less than the state that it stands for, which may have changed where it has not. */
const toldOf = new Map<string, number>();
let snapshots = 0;
const tell = (id: string) => toldOf.set(id, (toldOf.get(id) ?? 0) + 1);

/** False until the first snapshot: then an empty list means that there is nothing. */
export const isKnown = signal(false);
/** Of the attempt that runs: the length of its log. */
const printedById = new Map<string, ReturnType<typeof signal<Printed>>>();
export interface Printed {
  readonly attempt: number;
  readonly bytes: number;
}

/** A frame in which changes will be drawn is asked for already. */
let isDue = false;
const UNSEEN_MS = 250;

/** What may be going wrong now, as the engine sees it. */
export const warnings = signal<readonly Warning[]>([]);

/** Takes an event of the feed. What comes within one frame is drawn once. */
export function take(event: FeedEvent): void {
  if (event.type === 'output') {
    printed(event.id).value = { attempt: event.attempt, bytes: event.bytes };
    return;
  }
  if (event.type === 'warnings') {
    warnings.value = event.warnings;
    return;
  }
  change(event);
  if (isDue) return;
  isDue = true;
  const draw = () => {
    if (!isDue) return;
    isDue = false;
    version.value += 1;
  };
  requestAnimationFrame(draw);
  // A tab that nobody sees draws no frame, but its title and its notices say what waits.
  setTimeout(draw, UNSEEN_MS);
}

function change(event: Exclude<FeedEvent, { type: 'output' | 'warnings' }>): void {
  switch (event.type) {
    case 'snapshot':
      snapshots += 1;
      tasksById.clear();
      executionsById.clear();
      for (const row of event.rows) tasksById.set(row.id, row);
      for (const row of event.executions) executionsById.set(row.id, row);
      isKnown.value = true;
      return;
    case 'row':
      tasksById.set(event.row.id, event.row);
      tell(event.row.id);
      return;
    case 'gone':
      tasksById.delete(event.id);
      tell(event.id);
      return;
    case 'execution':
      executionsById.set(event.row.id, event.row);
      tell(event.row.id);
      return;
  }
}

/** How far the agent of a task has printed since the page is open; undefined before it has. */
export function printed(id: string) {
  const known = printedById.get(id);
  if (known !== undefined) return known;
  const made = signal<Printed>();
  printedById.set(id, made);
  return made;
}

export const tasks = computed((): readonly TaskRow[] => {
  version.value;
  return [...tasksById.values()].filter(({ archivedAt }) => archivedAt === undefined);
});
export const executions = computed((): readonly ExecutionRow[] => {
  version.value;
  return [...executionsById.values()];
});

/** Of the state of a task or execution, as far as the feed has told: another one, and it has to be asked for again. */
export function versionOf(id: string): string {
  version.value;
  return `${snapshots}.${toldOf.get(id) ?? 0}`;
}

/** Undefined where no list has it, or it is not known yet. */
export function taskRow(id: string): TaskRow | undefined {
  version.value;
  return tasksById.get(id);
}
