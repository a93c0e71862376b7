/** MCP over stdin and stdout, until the client closes its end. Nothing else may write to stdout. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { tellClientFault } from './client-faults.ts';
import { answerInvalidLines } from './invalid-lines.ts';
import { createMcpServer, type McpDeps } from './mcp-server.ts';

export interface StdioDeps extends McpDeps {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Ends the serving, as the end of stdin does. */
  readonly signal: AbortSignal;
}

/** Returns when it has ended. What it was doing for the client goes on in the engine. */
export async function serveMcpOnStdio({ stdin, stdout, signal, ...deps }: StdioDeps): Promise<void> {
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: MESSAGE_BYTES_MAX });
  const over = Promise.race([endOf(stdin), endOf(stdout), abortOf(signal)]);
  const handle = serveStdio(() => createMcpServer(deps), {
    transport,
    // A client that went away is its own affair as well.
    onerror: tellClientFault,
  });
  const stopReading = answerInvalidLines(
    stdin,
    (answer) => void transport.send(answer).catch(tellClientFault),
  );
  await over;
  stopReading();
  await handle.close();
}

/** An error of a stream ends it, and with it the serving: the client is gone, and there is nobody to tell. */
async function endOf(stream: Readable | Writable): Promise<void> {
  await Promise.race([once(stream, 'close'), once(stream, 'end')]).catch(() => undefined);
}

async function abortOf(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
