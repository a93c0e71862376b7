/** The command line of the embedded Temporal, and how one is recognised among all processes by its database. Pure. */
export interface TemporalPorts {
  readonly grpc: number;
  readonly ui: number;
}

const DYNAMIC_CONFIG = [
  // The HTTP API takes a cross-origin POST from any web page, which could approve a gate. No host has this name.
  'frontend.httpAllowedHosts=["pawl.invalid"]',
  // The one shard of a dev server polls its queues 20 times a second; after a burst every step would wait for that.
  'history.transferProcessorMaxPollRPS=1000',
  'history.timerProcessorMaxPollRPS=1000',
  'history.visibilityProcessorMaxPollRPS=1000',
  // Of four partitions, the default, a worker that comes back asks one at random: what waits in another one came to it
  // up to 2 s later. One serves all that a single server can do.
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];

/**
 * A write-ahead log, flushed with each commit: as durable as the default, a journal that is made and deleted for each
 * commit, with a quarter of the flushes (5 a call in place of 19).
 */
const PRAGMAS = ['journal_mode=WAL', 'synchronous=FULL'];

/** The arguments after the program. */
export function temporalArguments(database: string, ports: TemporalPorts): readonly string[] {
  return [
    ...['server', 'start-dev'],
    ...['--db-filename', database],
    ...['--ip', '127.0.0.1', '--port', String(ports.grpc), '--ui-port', String(ports.ui)],
    ...['--log-level', 'error'],
    ...PRAGMAS.flatMap((value) => ['--sqlite-pragma', value]),
    ...DYNAMIC_CONFIG.flatMap((value) => ['--dynamic-config-value', value]),
  ];
}

/**
 * Whether a command line is that of a Temporal on this database, whoever started it. Whole arguments are compared, so
 * that a text that speaks of such a command (an agent's task, a shell's line) is none.
 * @param apart false where the system does not tell blanks between arguments from blanks within them (macOS)
 */
export function servesDatabase(
  commandLine: readonly string[],
  database: string,
  apart = process.platform === 'linux',
): boolean {
  const wordsOf = (argument: string) => (apart ? [argument] : argument.split(' '));
  const named = [
    ['--db-filename', database],
    [`--db-filename=${database}`],
    ['-f', database],
    [`-f${database}`],
    [`-f=${database}`],
  ];
  return (
    holds(commandLine, ['server', 'start-dev']) &&
    named.some((words) => holds(commandLine, words.flatMap(wordsOf)))
  );
}

const holds = (all: readonly string[], part: readonly string[]): boolean =>
  all.some((_, start) => part.every((word, index) => all[start + index] === word));

/** Whether a command line is exactly what would be started now: an older Pawl's, say, lacks what this one relies on. */
export function isOurs(commandLine: readonly string[], database: string, ports: TemporalPorts): boolean {
  return commandLine.slice(1).join(' ') === temporalArguments(database, ports).join(' ');
}

/** Little of the engine's own environment: no token, and nothing that points `temporal` at a server or a profile. */
export function temporalEnvironment(home: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, LANG, TMPDIR } = env;
  // Its configuration files are looked for under HOME: the user's own were made for other servers.
  return { HOME: home, ...(PATH && { PATH }), ...(LANG && { LANG }), ...(TMPDIR && { TMPDIR }) };
}
