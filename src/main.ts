/** The `pawl` command: runs one command line in the real world. Nothing imports this file. */
import { createWorld } from './cli-world.ts';
import type { Pawl } from './connect.ts';
import { runCli } from './edge/cli/program.ts';

async function main(): Promise<number> {
  const { signal, abort } = interrupts();
  const opened: Pawl[] = [];
  const world = await createWorld(signal, abort, (pawl) => opened.push(pawl));
  try {
    return await runCli(process.argv.slice(2), world);
  } finally {
    await Promise.all(opened.map((pawl) => pawl.close()));
  }
}

/** The first signal asks everything to come to its end, the second does not wait for it. */
function interrupts(): { readonly signal: AbortSignal; abort(reason: string): void } {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(name);
    });
  }
  // Whoever reads our output may stop reading: `pawl list | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

process.exitCode = await main();
