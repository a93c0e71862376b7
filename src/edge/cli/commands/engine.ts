/** `pawl start` and `up`: the engine of this home, in the foreground or in the background. */
import type { Command } from 'commander';
import { PawlError } from '../../../domain/failures.ts';
import type { EngineClient } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit.ts';
import { untilAborted } from '../interrupt.ts';
import { portOption } from '../options.ts';
import { runSample } from '../run-sample.ts';
import { safeLine, styled, type Telling } from '../telling.ts';
import type { CliWorld, Endpoints, Foreground } from '../world.ts';

interface UpOptions {
  readonly detach?: boolean;
  readonly port?: number;
  readonly link: boolean;
}
interface StartOptions {
  readonly exit?: boolean;
  readonly yes?: boolean;
}

export function addUp(program: Command, cli: Cli): void {
  program
    .command('up')
    .summary('Start the engine')
    .description('Start the engine of this home and keep it in the foreground until Ctrl-C.')
    .option('-d, --detach', 'in the background')
    .option('--port <n>', 'port of the API; 0 = any free one', portOption)
    .option('--no-link', 'print no link into the dashboard, as where the output is kept as a log')
    .addHelpText('after', '\nExamples:\n  pawl up\n  pawl up -d --port 0 --json')
    .action(async ({ detach, ...options }: UpOptions) =>
      cli.exit(await (detach ? upDetached(cli, options) : upInForeground(cli, options))),
    );
}

async function upDetached(cli: Cli, { port, link }: UpOptions): Promise<number> {
  const engine = async () => (link ? cli.engine() : undefined);
  return upInBackground(cli, { port }, { engine });
}

interface InBackground {
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Asked for a link into its dashboard, where there is one. */
  readonly engine?: () => Promise<EngineClient | undefined>;
}

/** @throws Interrupted once `signal` aborts */
export async function upInBackground(
  { world, telling }: Cli,
  how: Parameters<CliWorld['background']>[0],
  { signal = world.signal, engine = async () => undefined }: InBackground = {},
): Promise<number> {
  const { endpoints, started } = await untilAborted(world.background(how, telling.notice, signal), signal);
  const link = await linkOf(telling, engine);
  telling.result(
    { ...endpoints, ...link, started },
    () => `${started ? 'the engine runs' : 'the engine ran already'}\n${placesOf(endpoints, link)}`,
  );
  return EXIT.done;
}

async function upInForeground({ world, telling }: Cli, { port, link: wanted }: UpOptions): Promise<number> {
  const engine = await world.foreground({ port }, telling.notice);
  const link = await linkOf(telling, async () => (wanted ? engine.engine : undefined));
  tellUp(telling, engine.endpoints, link, true);
  return untilStopped(engine, world.signal, telling);
}

/** An engine that refuses it, as one of another version does, is up nevertheless. */
async function linkOf(telling: Telling, engine: () => Promise<EngineClient | undefined>): Promise<Link> {
  try {
    const made = await (await engine())?.dashboard({});
    return made === undefined ? {} : { dashboard: made.url };
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    telling.notice(`pawl: no link into the dashboard: ${safeLine(error.message)}`);
    return {};
  }
}
interface Link {
  readonly dashboard?: string;
}

/** Ctrl-C is how an engine in the foreground is meant to end: that is no failure. */
async function untilStopped(engine: Foreground, signal: AbortSignal, telling: Telling): Promise<number> {
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const reason = await Promise.race([engine.ended, stopped]);
  if (reason === undefined) telling.notice('stopping: tasks go on when the engine is started again');
  else telling.notice(`pawl: the engine ended: ${reason}`);
  await engine.stop();
  return reason === undefined ? EXIT.done : EXIT.failed;
}

/** What `npm start` runs; a person types the commands above. */
export function addStart(program: Command, cli: Cli): void {
  program
    .command('start', { hidden: true })
    .description('Start the engine and run the sample requirement on the sample repository.')
    .option('--exit', 'leave when the sample has ended')
    .option('-y, --yes', "approve the sample's change as yourself")
    .addHelpText('after', '\nExamples:\n  npm start\n  npm start -- --exit --yes\n  npm start -- --json')
    .action(async (options: StartOptions) => cli.exit(await start(cli, options)));
}

async function start(cli: Cli, options: StartOptions): Promise<number> {
  const { world, telling } = cli;
  const running = await world.running();
  if (running !== undefined) {
    telling.notice(`uses the engine that runs already (process ${running.pid}; pawl down stops it)`);
    const engine = await cli.engine();
    tellUp(telling, running, await linkOf(telling, async () => engine), false);
    return sample(cli, engine, options);
  }
  const foreground = await world.foreground({}, telling.notice);
  let stays = false;
  try {
    const link = await linkOf(telling, async () => foreground.engine);
    tellUp(telling, foreground.endpoints, link, true);
    const code = await sample(cli, foreground.engine, options);
    stays = options.exit !== true;
    if (!stays) return code;
  } finally {
    if (!stays) await foreground.stop();
  }
  if (!world.signal.aborted) telling.notice('\nthe engine stays up; Ctrl-C stops it');
  return untilStopped(foreground, world.signal, telling);
}

const sample = ({ world, telling }: Cli, engine: EngineClient, { yes }: StartOptions): Promise<number> =>
  runSample({ world, engine, telling }, { yes: yes === true });

function tellUp(telling: Telling, endpoints: Endpoints, link: Link, started: boolean): void {
  telling.document({ ...endpoints, ...link, started });
  const sign = styled(telling.people, 'green', '✔');
  const node = process.versions.node.split('.')[0];
  telling.say(
    `${sign} Node ${node} · dependencies · Temporal at ${endpoints.temporal}\n${placesOf(endpoints, link)}\n`,
  );
}

/** Each on a line of its own: a link is long, and what a terminal wraps cannot be clicked. */
const placesOf = ({ api, ui }: Endpoints, { dashboard }: Link): string =>
  [
    dashboard === undefined ? `  API  ${api}` : `  Dashboard  ${dashboard}`,
    ...(ui === null ? [] : [`  Temporal Web UI  ${ui}`]),
  ].join('\n');
