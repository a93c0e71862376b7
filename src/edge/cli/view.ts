/**
 * Shows a task while it goes on. A terminal has a last line that moves with the running step; without one the same
 * lines come plain, and a step that takes long says now and then that it still runs.
 */

import { startOf } from '../../domain/limits.ts';
import type { EngineClient } from '../../domain/operations.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { advance, type Doing, nothingSeen } from './live-story.ts';
import { renderLine } from './render.ts';
import { seconds } from './story.ts';
import { safeLine, styled } from './telling.ts';
import type { CliWorld, LiveLine, Screen } from './world.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Without a terminal: the first sign of life of a step, then twice as late each time. */
const ALIVE_MS = 5_000;

export interface View {
  show(state: TaskState): void;
  /** The agent has printed something. */
  printed(): void;
  /** Brings the moving line back that `rest` took away. */
  goOn(): void;
  /** Takes the moving line away while a person is asked, or at the end. */
  rest(): void;
}

export interface ViewOptions {
  readonly world: Pick<CliWorld, 'now'>;
  readonly screen: Screen;
  readonly engine: Pick<EngineClient, 'logs'>;
  readonly agent?: string;
  readonly startedAtMs?: number;
}

export function createView(options: ViewOptions): View {
  const { world, screen } = options;
  const sign = screen.live === undefined ? plainSign(options) : liveSign(options, screen.live);
  let seen = nothingSeen(options);
  let shown: TaskState | undefined;
  const start = () => {
    if (seen.doing !== undefined && shown !== undefined) sign.start(seen.doing, shown);
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

/** The sign of life of the running step. */
interface Sign {
  start(doing: Doing, state: TaskState): void;
  printed(): void;
  rest(): void;
}

function plainSign({ world, screen }: ViewOptions): Sign {
  let timer: NodeJS.Timeout | undefined;
  let waitMs = ALIVE_MS;
  let key = '';
  const again = (doing: Doing) => {
    timer = setTimeout(() => {
      screen.write(`  … ${doing.label.padEnd(14)}${doing.text}  ${seconds(world.now() - doing.sinceMs)}\n`);
      waitMs *= 2;
      again(doing);
    }, waitMs);
  };
  return {
    start(doing) {
      if (doing.key !== key) waitMs = ALIVE_MS;
      key = doing.key;
      again(doing);
    },
    printed: () => undefined,
    rest: () => clearTimeout(timer),
  };
}

function liveSign({ world, screen, engine }: ViewOptions, live: LiveLine): Sign {
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  let listen: (() => Promise<string | undefined>) | undefined;
  const rest = () => {
    clearInterval(timer);
    listen = undefined;
    live.clear();
  };
  const printed = async () => {
    const heard = listen;
    const text = await heard?.();
    // Meanwhile another step may run.
    if (text !== undefined && heard === listen) last = text;
  };
  return {
    rest,
    printed: () => void printed(),
    start(doing, state) {
      last = '';
      let frame = 0;
      const draw = () => {
        frame = (frame + 1) % FRAMES.length;
        const words = `${doing.label.padEnd(14)}${last === '' ? doing.text : last}`;
        const time = seconds(world.now() - doing.sinceMs);
        const room = Math.max(20, screen.columns - time.length - 8);
        live.set(
          `  ${styled(screen, 'cyan', FRAMES[frame] ?? '')} ${startOf(words, room)}  ${styled(screen, 'dim', time)}`,
        );
      };
      draw();
      timer = setInterval(draw, FRAME_MS);
      if (!doing.key.startsWith('attempt:')) return;
      listen = createListener(engine, state);
      void printed();
    },
  };
}

/** Answers the agent's latest line, if there is a new one. Asked again while it still reads, it reads once more after that. */
function createListener(
  engine: Pick<EngineClient, 'logs'>,
  { id, attempts }: TaskState,
): () => Promise<string | undefined> {
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
