/**
 * Starts programs by a fork server, which begins with the first of them. Where the server dies, what it was at is lost and
 * said to be, and the next program begins another one.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Calls, FromServer, Notice, ToServer } from './fork-protocol.ts';
import type { Command, OpenProgram, Starter } from './starter.ts';

export interface ForkClient extends Starter {
  /**
   * Ends the server, and what it has started with it; settles when it is gone. What it is at has a moment to end first, because a
   * worker that restarts is not alone in its process. What is asked meanwhile or later begins another one.
   */
  close(): Promise<void>;
}

/** Told of each program, as Node's channel `child_process` is of those that this process starts itself. */
export const FORK_SERVER_CHANNEL = 'pawl.fork-server';
const started = channel(FORK_SERVER_CHANNEL);

/** So long a server that is to end is left to what it is at. */
const AT_IT_MS = 2_000;
/** A server that does not even end is ended. */
const END_MS = 5_000;
/** The server ends a program that takes too long; one that has not by then hangs itself. */
const LATE_MS = 10_000;

/**
 * @param module the file of `fork-server.ts`
 * @param owner stands in its command line, so that who looks at processes knows whose it is
 */
export function createForkClient(module: string, owner: string): ForkClient {
  let server: Server | undefined;
  const told = (command: Command): Server => {
    started.publish(command);
    if (server?.isGone() !== false) server = startServer(module, owner);
    return server;
  };
  return {
    async run(command) {
      const chunks: Buffer[] = [];
      const onOutput = (output: Buffer) => chunks.push(output);
      const { timeoutMs } = command;
      const ended = await inTime(told(command), timeoutMs, ({ ask }) => ask('run', { command }, onOutput));
      return { ...ended, stdout: Buffer.concat(chunks) };
    },
    async pipe(from, to) {
      told(from);
      const timeoutMs = Math.max(from.timeoutMs, to.timeoutMs);
      return inTime(told(to), timeoutMs, ({ ask }) => ask('pipe', { from, to }));
    },
    open: (command) => openBy(told(command), command),
    async close() {
      const ending = server;
      server = undefined;
      await ending?.end();
    },
  };
}

/** While it is waited for this process does not end. */
async function inTime<Answer>(
  server: Server,
  timeoutMs: number,
  ask: (server: Server) => { readonly answer: Promise<Answer> },
): Promise<Answer> {
  const letGo = server.hold();
  const late = setTimeout(server.kill, timeoutMs + LATE_MS);
  try {
    return await ask(server).answer;
  } finally {
    clearTimeout(late);
    letGo();
  }
}

function openBy(server: Server, command: Command): OpenProgram {
  const { number: program, answer: ended } = server.ask('open', { command });
  // Nobody may ever ask how it ended.
  ended.catch(() => undefined);
  let letGo: (() => void) | undefined;
  const free = () => {
    letGo?.();
    letGo = undefined;
  };
  return {
    next: () => inTime(server, command.timeoutMs, ({ ask }) => ask('next', { program })),
    write: (text) => server.tell({ call: 'write', program, text }),
    hold() {
      letGo ??= server.hold();
    },
    letGo: free,
    close() {
      free();
      server.tell({ call: 'close', program });
    },
    kill: () => server.tell({ call: 'kill', program }),
    ended: () => ended,
  };
}

type Server = ReturnType<typeof startServer>;
type OnOutput = (output: Buffer) => void;
interface Waiting extends PromiseWithResolvers<Calls[Call]['answer']> {
  readonly call: Call;
  readonly onOutput: OnOutput | undefined;
}

function startServer(module: string, owner: string) {
  const compiled = getCompileCacheDir();
  const child = fork(module, [owner], {
    // Nothing of this process's own: what a program gets comes with its command.
    execArgv: [],
    env: compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const asked = new Map<number, Waiting>();
  let count = 0;
  let lost: Error | undefined;
  const { promise: gone, resolve: tellGone } = Promise.withResolvers<void>();
  const lose = (how: string) => {
    lost ??= new Error(
      `the fork server, which starts programs for this process, ended (${how}) before it told what came of one: try again`,
    );
    for (const { reject } of asked.values()) reject(lost);
    asked.clear();
    tellGone();
  };
  child.on('message', (message: FromServer) => {
    const waiting = asked.get(message.number);
    if ('output' in message) return waiting?.onOutput?.(message.output);
    asked.delete(message.number);
    waiting?.resolve(message.answer);
  });
  child.once('error', (error) => lose(error.message));
  // Comes after the last message.
  child.once('close', (code, signal) => lose(signal ?? `exit code ${code}`));
  // A message that does not arrive any more needs no error of its own.
  const send = (message: ToServer) => void child.send(message, () => undefined);
  const hold = holding(child);
  return {
    isGone: () => !child.connected,
    /** All that it was asked is lost. */
    kill: () => void child.kill('SIGKILL'),
    hold,
    tell: (notice: Notice) => send(notice),
    ask<C extends Call>(call: C, asking: Calls[C]['asked'], onOutput?: OnOutput) {
      count += 1;
      const waiting = { ...Promise.withResolvers<Calls[Call]['answer']>(), call, onOutput };
      if (lost !== undefined) waiting.reject(lost);
      asked.set(count, waiting);
      send({ call, number: count, ...asking } as ToServer);
      // The server answers what it was asked.
      return { number: count, answer: waiting.promise as Promise<Calls[C]['answer']> };
    },
    async end() {
      const letGo = hold();
      // An open program stays until somebody closes it.
      const atIt = [...asked.values()].filter(({ call }) => call !== 'open').map(({ promise }) => promise);
      await Promise.race([Promise.allSettled(atIt), sleep(AT_IT_MS, undefined, { ref: false })]);
      const force = setTimeout(() => child.kill('SIGKILL'), END_MS);
      send({ call: 'end' });
      await gone;
      clearTimeout(force);
      letGo();
    },
  };
}

/** This process does not end while any hold on the child is left, and is not kept by an idle one. */
function holding(child: ChildProcess): () => () => void {
  let holds = 0;
  const keep = (more: number) => {
    holds += more;
    const how = holds > 0 ? 'ref' : 'unref';
    child[how]();
    child.channel?.[how]();
  };
  keep(0);
  return () => {
    keep(1);
    return () => keep(-1);
  };
}
