/**
 * The sign of life of the step that runs: on a terminal a last line that moves with it; without one a plain line now and then, as long
 * as it takes.
 */

import { startOf } from '../../domain/limits.ts';
import { inColumn } from './render.ts';
import { seconds } from './story.ts';
import { styled } from './telling.ts';
import type { CliWorld, LiveLine, Screen } from './world.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Without a terminal: the first sign of life of a step, then twice as late each time. */
const ALIVE_MS = 5_000;

/** What runs now. */
export interface Doing {
  /** That of the line it becomes. */
  readonly key: string;
  readonly label: string;
  readonly text: string;
  readonly sinceMs: number;
}

/** The latest line of who does it, if there is a new one. */
export type Listen = () => Promise<string | undefined>;

export interface Sign {
  /** @param listen where somebody prints while it runs */
  start(doing: Doing, listen?: Listen): void;
  /** Something was printed. */
  printed(): void;
  rest(): void;
}

export interface SignOptions {
  readonly world: Pick<CliWorld, 'now'>;
  readonly screen: Screen;
}

export const createSign = (options: SignOptions): Sign =>
  options.screen.live === undefined ? plainSign(options) : liveSign(options, options.screen.live);

function plainSign({ world, screen }: SignOptions): Sign {
  let timer: NodeJS.Timeout | undefined;
  let waitMs = ALIVE_MS;
  let key = '';
  const again = (doing: Doing) => {
    timer = setTimeout(() => {
      screen.write(`  … ${inColumn(doing.label)}${doing.text}  ${seconds(world.now() - doing.sinceMs)}\n`);
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

function liveSign({ world, screen }: SignOptions, live: LiveLine): Sign {
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  let listen: Listen | undefined;
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
    start(doing, listenNow) {
      last = '';
      let frame = 0;
      const draw = () => {
        frame = (frame + 1) % FRAMES.length;
        const words = `${inColumn(doing.label)}${last === '' ? doing.text : last}`;
        const time = seconds(world.now() - doing.sinceMs);
        const room = Math.max(20, screen.columns - time.length - 8);
        live.set(
          `  ${styled(screen, 'cyan', FRAMES[frame] ?? '')} ${startOf(words, room)}  ${styled(screen, 'dim', time)}`,
        );
      };
      draw();
      timer = setInterval(draw, FRAME_MS);
      listen = listenNow;
      void printed();
    },
  };
}
