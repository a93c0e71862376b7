/** Shows a task while it goes on: what is settled line by line, and a sign of life of the step that runs. */

import type { EngineClient } from '../../domain/operations.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { advance, nothingSeen } from './live-story.ts';
import { renderLine } from './render.ts';
import { createSign, type Listen, type SignOptions } from './sign.ts';
import { safeLine } from './telling.ts';

export interface View {
  show(state: TaskState): void;
  /** The agent has printed something. */
  printed(): void;
  /** Brings the moving line back that `rest` took away. */
  goOn(): void;
  /** Takes the moving line away while a person is asked, or at the end. */
  rest(): void;
}

export interface ViewOptions extends SignOptions {
  readonly engine: Pick<EngineClient, 'logs'>;
  readonly agent?: string;
  readonly startedAtMs?: number;
}

export function createView(options: ViewOptions): View {
  const { world, screen, engine } = options;
  const sign = createSign(options);
  let seen = nothingSeen(options);
  let shown: TaskState | undefined;
  const start = () => {
    const { doing } = seen;
    if (doing === undefined || shown === undefined) return;
    sign.start(doing, doing.key.startsWith('attempt:') ? createListener(engine, shown) : undefined);
  };
  return {
    show(state) {
      const next = advance(seen, state, world.now());
      seen = next.seen;
      sign.rest();
      for (const line of next.lines) screen.write(`${renderLine(line, screen)}\n`);
      shown = state;
      start();
    },
    printed: () => sign.printed(),
    goOn() {
      sign.rest();
      start();
    },
    rest: () => sign.rest(),
  };
}

/** Answers the agent's latest line, if there is a new one. Asked again while it still reads, it reads once more after that. */
function createListener(engine: Pick<EngineClient, 'logs'>, { id, attempts }: TaskState): Listen {
  const attempt = Math.max(1, attempts.length);
  let offset = 0;
  let reading: Promise<string | undefined> | undefined;
  let isAskedAgain = false;
  const read = async (): Promise<string | undefined> => {
    try {
      const { lines, offset: next } = await engine.logs({ id, attempt, offset });
      offset = next;
      const text = lines.findLast(({ type }) => type === 'progress' || type === 'log')?.text;
      return text === undefined ? undefined : safeLine(text);
    } catch {
      return undefined; // Only decoration: the task itself tells what goes wrong, by its state.
    }
  };
  const readAll = async (): Promise<string | undefined> => {
    let last: string | undefined;
    do {
      isAskedAgain = false;
      last = (await read()) ?? last;
    } while (isAskedAgain);
    return last;
  };
  return () => {
    isAskedAgain = reading !== undefined;
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
