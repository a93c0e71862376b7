/** The terminal, or what stands in its place: streams as screens, questions, stdin as text. */
import { isCancel, selectKey, text } from '@clack/prompts';
import { createLogUpdate } from 'log-update';
import { PawlError } from '../../domain/failures.ts';
import { safeLine } from './telling.ts';
import type { LiveLine, Question, Screen } from './world.ts';

const COLUMNS_WITHOUT_TERMINAL = 120;
const SIXTEEN_COLOURS = 16;

export function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    write: (words) => {
      stream.write(words);
    },
    get columns() {
      return stream.columns || COLUMNS_WITHOUT_TERMINAL;
    },
    // Also knows NO_COLOR and dumb terminals.
    colours: stream.isTTY === true && stream.hasColors(SIXTEEN_COLOURS),
    live: stream.isTTY === true && process.env.TERM !== 'dumb' ? liveLineOf(stream) : undefined,
  };
}

/** The cursor stays visible: whatever ends this process, the terminal is as it was. */
function liveLineOf(stream: NodeJS.WriteStream): LiveLine {
  const update = createLogUpdate(stream, { showCursor: true });
  return { set: update, clear: () => update.clear() };
}

/** One key answers. Undefined on Ctrl-C and when `signal` aborts. */
export async function choose(
  { message, options }: Question,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await selectKey({ message, options: options.map((one) => ({ ...one })), signal });
  return isCancel(answer) ? undefined : answer;
}

export async function askText(message: string, signal: AbortSignal): Promise<string | undefined> {
  const answer = await text({ message, signal });
  return isCancel(answer) ? undefined : answer;
}

/** @throws PawlError `invalid_input` beyond `bytesMax` or when it is no UTF-8: replaced characters are not what was meant */
export async function readText(stream: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > bytesMax)
      throw new PawlError('invalid_input', `expected at most ${bytesMax} bytes on stdin, got more`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    const words = error instanceof Error ? safeLine(error.message) : String(error);
    throw new PawlError('invalid_input', `expected UTF-8 text on stdin: ${words}`, { cause: error });
  }
}
