/**
 * The terminal, or what stands in its place: streams as screens, questions, stdin as text. What draws on a terminal is loaded
 * where there is one: it takes a fifth of a start that only prints.
 */
import { finished } from 'node:stream/promises';
import { PawlError } from '../../domain/failures.ts';
import { safeLine } from './telling.ts';
import type { LiveLine, Question, Screen } from './world.ts';

const COLUMNS_WITHOUT_TERMINAL = 120;
const SIXTEEN_COLOURS = 16;

export async function screenOf(stream: NodeJS.WriteStream): Promise<Screen> {
  const live = stream.isTTY === true && process.env.TERM !== 'dumb' ? await liveLineOf(stream) : undefined;
  return {
    write: (words) => {
      stream.write(words);
    },
    get columns() {
      return stream.columns || COLUMNS_WITHOUT_TERMINAL;
    },
    // Also knows NO_COLOR and dumb terminals.
    colours: stream.isTTY === true && stream.hasColors(SIXTEEN_COLOURS),
    live,
  };
}

/** The cursor stays visible: whatever ends this process, the terminal is as it was. */
async function liveLineOf(stream: NodeJS.WriteStream): Promise<LiveLine> {
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stream, { showCursor: true });
  return { set: update, clear: () => update.clear() };
}

/** One key answers. Undefined on Ctrl-C and when `signal` aborts. */
export async function choose(
  { message, options }: Question,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { isCancel, selectKey } = await import('@clack/prompts');
  const answer = await selectKey({ message, options: options.map((one) => ({ ...one })), signal });
  return isCancel(answer) ? undefined : answer;
}

export async function askText(message: string, signal: AbortSignal): Promise<string | undefined> {
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({ message, signal });
  return isCancel(answer) ? undefined : answer;
}

/** Reads to its end what somebody else writes, for nobody: else a pipe breaks for who writes. Until `signal` aborts. */
export async function discard(stream: NodeJS.ReadStream, signal: AbortSignal): Promise<void> {
  if (stream.isTTY === true) return;
  await finished(stream.resume(), { signal, cleanup: true }).catch(() => stream.destroy());
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
