/**
 * An engine that goes away while a task or an execution is followed. It lives on in Temporal, so that is no failure of it: the engine is
 * waited for, and who cannot wait for longer leaves with an exit code of its own.
 */
import { PawlError } from '../../domain/failures.ts';
import { type WorkflowId, workflowTypeOf } from '../../domain/ids.ts';
import { Interrupted } from './interrupt.ts';
import type { Telling } from './telling.ts';
import type { CliWorld } from './world.ts';

/** A supervisor, or a person who saw it, has started the engine again by then; it may have many tasks to read. */
const AWAY_MS_MAX = 60_000;
/** How soon a call is made again. */
const AGAIN_MS = 1_000;

const wordsFor = (id: WorkflowId): string => `${workflowTypeOf(id)} ${id}`;

/** The engine is away, and the task goes on once it is back. Exit code `EXIT.away`. */
export class EngineAway extends PawlError {
  constructor(id: WorkflowId, cause?: unknown) {
    const logs = workflowTypeOf(id) === 'task' ? `, pawl logs -f ${id} what its agent prints` : '';
    super(
      'unavailable',
      `the engine does not answer; ${wordsFor(id)} goes on once it is back (\`pawl up -d\` starts it): pawl show ${id} tells how far it is${logs}`,
      { cause },
    );
  }
}

export interface Absence {
  /** Aborts once the engine has been away for too long. */
  readonly over: AbortSignal;
  readonly isAway: () => boolean;
  /** Whoever asks the engine tells whether it answers, as often as it likes. */
  readonly told: (isAway: boolean) => void;
  /**
   * Asks until the engine answers; twice must do what once does.
   * @throws EngineAway, or Interrupted on Ctrl-C
   */
  asked<T>(ask: () => Promise<T>): Promise<T>;
}

/** What only says that nobody answered: of the task itself it says nothing. */
export const isAway = (error: unknown): boolean => error instanceof PawlError && error.code === 'unavailable';

export function watchAbsence(
  { world, telling }: { readonly world: CliWorld; readonly telling: Telling },
  id: WorkflowId,
): Absence {
  const over = new AbortController();
  let waiting: AbortController | undefined;
  const goAway = async () => {
    const own = new AbortController();
    waiting = own;
    telling.notice(
      `the engine does not answer: waiting ${AWAY_MS_MAX / 1_000} s for it, ${wordsFor(id)} lives on (\`pawl up -d\` starts it)`,
    );
    const settled = AbortSignal.any([own.signal, world.signal]);
    await world.sleep(AWAY_MS_MAX, settled);
    if (!settled.aborted) over.abort();
  };
  const comeBack = (before: AbortController) => {
    waiting = undefined;
    before.abort();
    telling.notice('the engine is back');
  };
  const told = (isGone: boolean) => {
    if (isGone && waiting === undefined) void goAway();
    if (!isGone && waiting !== undefined) comeBack(waiting);
  };
  return {
    over: over.signal,
    isAway: () => waiting !== undefined,
    told,
    async asked(ask) {
      for (;;) {
        try {
          const answer = await ask();
          told(false);
          return answer;
        } catch (error) {
          if (!isAway(error)) throw error;
          told(true);
          await world.sleep(AGAIN_MS, AbortSignal.any([over.signal, world.signal]));
          if (world.signal.aborted) throw new Interrupted();
          if (over.signal.aborted) throw new EngineAway(id, error);
        }
      }
    },
  };
}
