/** One file from the web, checked. A server that accepts and then says nothing is given up after a few seconds. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const SILENCE_MS = 5_000;

/**
 * Writes what `url` answers to `file`; `onShare` gets the finished share where the size is known.
 * @throws Error when the server is silent for `silenceMs`, refuses, or sends other bytes than `sha256` says.
 */
export async function download(url, file, { sha256, onShare, silenceMs = SILENCE_MS }) {
  const stop = new AbortController();
  const silent = () => stop.abort(new Error(`the server was silent for ${silenceMs / 1000} s`));
  let timer = setTimeout(silent, silenceMs);
  const hash = createHash('sha256');
  try {
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
    const size = Number(response.headers.get('content-length'));
    let received = 0;
    const watch = async function* (chunks) {
      for await (const chunk of chunks) {
        clearTimeout(timer);
        timer = setTimeout(silent, silenceMs);
        hash.update(chunk);
        received += chunk.length;
        if (size > 0) onShare?.(received / size);
        yield chunk;
      }
    };
    await pipeline(response.body, watch, createWriteStream(file));
  } catch (error) {
    throw new Error(`${new URL(url).host}: ${reasonOf(stop.signal.reason ?? error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  const digest = hash.digest('hex');
  if (digest !== sha256) throw new Error(`${url}: expected SHA-256 ${sha256}, got ${digest}`);
}

/** fetch says only "fetch failed"; the cause says why. */
const reasonOf = (error) => error.cause?.code ?? error.cause?.message ?? error.message;
