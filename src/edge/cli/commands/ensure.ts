/** `pawl ensure`: the engine is there, for a person or a script, and as a hook of an AI client. */
import { type Command, InvalidArgumentError } from 'commander';
import { PawlError } from '../../../domain/failures.ts';
import { silentEngine } from '../../../domain/silent-engine.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit.ts';
import { untilAborted } from '../interrupt.ts';
import { wholeNumber } from '../options.ts';
import { safeLine } from '../telling.ts';
import type { CliWorld } from '../world.ts';
import { upInBackground } from './engine.ts';

interface EnsureOptions {
  readonly within: number;
  readonly hook?: boolean;
  readonly url?: URL;
}

/** Seconds: a hook of a client waits no longer. */
const ENSURE_WITHIN = 30;

/** With this exit code a hook of Claude Code keeps the call back, and its model reads why. Any other lets the call go on. */
const KEEPS_CALL_BACK = 2;

const HELP = `
Examples:
  pawl ensure
  pawl ensure --json

Ten at once get one engine. Where something else has its port it is named, and the engine takes another one; clients of this
host find it by its home. An engine that runs is asked: exit code 1 where it does not answer in time, with what helps.

With --hook nothing is printed where all is well. Where not, the reason is on stderr: with exit code 1, which lets the client's
call go on, because \`pawl mcp\` answers it all the same; with 2, which keeps it back, where the client asks an address itself
(--url), because something else may answer there, and would get the token. An engine elsewhere (PAWL_URL) is not looked for.`;

export function addEnsure(program: Command, cli: Cli): void {
  program
    .command('ensure')
    .summary('Make sure that the engine runs')
    .description('Make sure that the engine of this home runs: finds it, or starts it in the background.')
    .option('--within <seconds>', 'how long that may take', wholeNumber(1, 3_600), ENSURE_WITHIN)
    .option('--hook', 'as the hook that `pawl hook install` writes')
    .option('--url <address>', 'with --hook: where the client asks', addressOption)
    .addHelpText('after', HELP)
    .action(async ({ hook, ...options }: EnsureOptions) =>
      cli.exit(await (hook ? asHook(cli, options) : ensure(cli, options))),
    );
}

async function ensure(cli: Cli, { within }: EnsureOptions): Promise<number> {
  const late = AbortSignal.timeout(within * 1_000);
  const signal = AbortSignal.any([cli.world.signal, late]);
  const ensured = upInBackground(cli, { anyPort: true }, { signal });
  return ensured.catch(async (error: unknown) => {
    throw late.aborted ? await tooLate(cli.world, within) : error;
  });
}

async function asHook(cli: Cli, { within, url }: EnsureOptions): Promise<number> {
  const { world, telling } = cli;
  const late = AbortSignal.timeout(within * 1_000);
  const signal = AbortSignal.any([world.signal, late]);
  // The client writes the call into our stdin, and takes a pipe that breaks for a fault of the hook.
  const read = world.discardInput(signal);
  try {
    if (!world.isElsewhere()) await untilAborted(beThere(cli, url, signal), signal);
    return EXIT.done;
  } catch (error) {
    const why = late.aborted ? await tooLate(world, within) : error;
    if (!(why instanceof PawlError)) throw why;
    telling.notice(`pawl: ${safeLine(why.message)}`);
    return url === undefined ? EXIT.failed : KEEPS_CALL_BACK;
  } finally {
    await read;
  }
}

/** @throws PawlError `conflict` where the engine is at another address than the client asks */
async function beThere({ world, telling }: Cli, url: URL | undefined, signal: AbortSignal): Promise<void> {
  const how = url === undefined ? { anyPort: true } : { port: portOf(url) };
  const { api } = (await world.background(how, telling.notice, signal)).endpoints;
  if (url === undefined || portOf(new URL(api)) === portOf(url)) return;
  throw new PawlError(
    'conflict',
    `expected the engine at ${url.origin}, where this client asks, found it at ${api}: write \`pawl hook install claude --url '${api}${url.pathname}${url.search}'\`, or \`pawl down\` and the next call starts it there`,
  );
}

function addressOption(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'http:') return url;
  throw new InvalidArgumentError('expected an address such as http://127.0.0.1:8100/mcp');
}

const portOf = ({ port }: URL): number => Number(port || 80);

/** Where an engine is tells it when it has started. */
async function tooLate(world: CliWorld, within: number): Promise<PawlError> {
  const running = await world.running();
  if (running !== undefined) return silentEngine(running.pid);
  return new PawlError(
    'unavailable',
    `the engine does not answer after ${within} s and is still starting: \`pawl up -d\` waits for it, \`pawl down\` ends it`,
  );
}
