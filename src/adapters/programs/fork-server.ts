/**
 * A fork server: a small process that starts programs for a large one. To start a program the system copies the page tables of
 * who starts it, which of a small process is done at once. Run by `fork-client.ts`; it loads nothing but what starts programs.
 */
import type { Call, Calls, FromServer, ToServer } from './fork-protocol.ts';
import { type OpenProgram, runTelling, starterHere } from './starter.ts';

const open = new Map<number, OpenProgram>();

process.on('message', (message: ToServer) => {
  switch (message.call) {
    case 'run':
      return answer(
        message.number,
        runTelling(message.command, (output) => tell({ number: message.number, output })),
      );
    case 'pipe':
      return answer(message.number, starterHere.pipe(message.from, message.to));
    case 'open': {
      const program = starterHere.open(message.command);
      open.set(message.number, program);
      const ended = program.ended().finally(() => open.delete(message.number));
      return answer(message.number, ended);
    }
    case 'next':
      return answer(message.number, open.get(message.program)?.next() ?? Promise.resolve(undefined));
    case 'write':
      return open.get(message.program)?.write(message.text);
    case 'close':
    case 'kill':
      return open.get(message.program)?.[message.call]();
    case 'end':
      return process.exit();
    default:
      return message satisfies never;
  }
});

// Whoever it works for has died: it goes the same way, so that what it has started runs to its end, as it would there.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A Ctrl-C reaches the whole group; whoever it works for still needs it to end in an orderly way.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

function answer(number: number, work: Promise<Calls[Call]['answer']>): void {
  void work.then((answer) => tell({ number, answer }));
}

function tell(message: FromServer): void {
  process.send?.(message);
}
