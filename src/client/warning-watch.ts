/** Looks for warning signs as long as somebody reads along. What it looks at is told by workers; nobody is asked. */
import { totalmem } from 'node:os';
import type { Printed } from '../domain/events.ts';
import { isClosed, type TaskState, type TaskStatus } from '../domain/task-state.ts';
import { sameWarnings, type Warning, warningsOf } from '../domain/warning-signs.ts';

const LOOK_MS = 5_000;

export interface WarningWatch {
  changed(state: TaskState): void;
  waits(id: string, what: string | undefined): void;
  printed(output: Printed): void;
  /** Idempotent. */
  begin(): void;
  /** Idempotent; what held is forgotten. */
  end(): void;
}

export interface WarningWatchOptions {
  /** All that hold, each time they are others. */
  readonly onChange: (warnings: readonly Warning[]) => void;
  /** As lists have it: of several workers one may tell late how a task was. */
  readonly statusOf: (id: TaskState['id']) => TaskStatus | undefined;
  readonly memoryShare?: () => number;
  readonly now?: () => number;
}

interface Open {
  readonly id: TaskState['id'];
  readonly stands: 'pending' | 'working';
  heardAtMs: number;
}

export function createWarningWatch({
  onChange,
  statusOf,
  memoryShare = memoryShareHere,
  now = Date.now,
}: WarningWatchOptions): WarningWatch {
  const open = new Map<string, Open>();
  const queued = new Set<string>();
  let told: readonly Warning[] = [];
  let looking: NodeJS.Timeout | undefined;
  const look = () => {
    const runs = [...open.values()].filter(({ id, stands }) => STATUS_OF[stands] === statusOf(id));
    const working = runs.filter(({ id, stands }) => stands === 'working' && !queued.has(id));
    const facts = { working, waiting: runs.length - working.length, memoryShare: memoryShare() };
    const warnings = warningsOf(facts, told, now());
    const isSame = sameWarnings(warnings, told);
    told = warnings;
    if (!isSame) onChange(warnings);
  };
  return {
    changed(state) {
      const stands = standingOf(state);
      if (stands === undefined) {
        open.delete(state.id);
        queued.delete(state.id);
      } else open.set(state.id, { id: state.id, stands, heardAtMs: now() });
    },
    waits(id, what) {
      if (what !== undefined) queued.add(id);
      else queued.delete(id);
      const run = open.get(id);
      if (run !== undefined) run.heardAtMs = now();
    },
    printed({ id }) {
      const run = open.get(id);
      if (run !== undefined) run.heardAtMs = now();
    },
    begin() {
      if (looking !== undefined) return;
      looking = setInterval(look, LOOK_MS).unref();
      look();
    },
    end() {
      clearInterval(looking);
      looking = undefined;
      if (told.length > 0) onChange([]);
      told = [];
    },
  };
}

/** undefined for a task that no agent has to do with now: checks and people take the time they take. */
function standingOf({ kind, status, step, attempts }: TaskState): Open['stands'] | undefined {
  if (kind !== 'agent_run' || isClosed(status)) return undefined;
  if (status === 'pending') return 'pending';
  const isAtWork = status === 'in_progress' && step === 'attempt' && attempts.at(-1)?.outcome === 'running';
  return isAtWork ? 'working' : undefined;
}

const STATUS_OF = { pending: 'pending', working: 'in_progress' } as const;

function memoryShareHere(): number {
  const limit = process.constrainedMemory();
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  return 1 - process.availableMemory() / total;
}
