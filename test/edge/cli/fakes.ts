/** The world of the CLI without a terminal, and a command line run in it. */
import { runCli } from '../../../src/edge/cli/program.ts';
import type { CliWorld, Endpoints, Screen } from '../../../src/edge/cli/world.ts';
import { asked, type FakeEngine, fakeEngine } from './fake-engine.ts';

export const ENDPOINTS: Endpoints = {
  api: 'http://127.0.0.1:8100',
  temporal: '127.0.0.1:7233',
  ui: 'http://127.0.0.1:8233',
  pid: 4711,
};

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What stdout holds, one JSON document a line. */
  readonly documents: readonly unknown[];
}

/** Runs one command line in a world that `parts` change. */
export async function pawl(
  args: readonly string[],
  parts: Partial<CliWorld> & { readonly fake?: FakeEngine } = {},
): Promise<Ran> {
  const written = { out: '', err: '' };
  const world = worldOf(parts, (name, text) => {
    written[name] += text;
  });
  const code = await runCli(args, world);
  const { out, err } = written;
  const lines = args.includes('--json') ? out.split('\n').filter((line) => line !== '') : [];
  return { code, out, err, documents: lines.map((line): unknown => JSON.parse(line)) };
}

/** A world in which nothing is real, changed by `parts`. */
export function worldOf(
  parts: Partial<CliWorld> & { readonly fake?: FakeEngine } = {},
  write: (name: 'out' | 'err', text: string) => void = () => undefined,
): CliWorld {
  const screen = (name: 'out' | 'err'): Screen => ({
    write: (text) => write(name, Buffer.from(text).toString('utf8')),
    columns: 120,
    colours: false,
  });
  const { fake = fakeEngine(), ...own } = parts;
  return {
    version: '1.2.3',
    cwd: '/home/ann/shop',
    out: screen('out'),
    err: screen('err'),
    interactive: false,
    signal: new AbortController().signal,
    now: () => 0,
    date: () => 0,
    sleep: async () => undefined,
    newSuffix: () => '7f3k',
    readInput: async () => 'from stdin',
    discardInput: async () => undefined,
    engine: async () => asked(fake),
    background: async () => ({ endpoints: ENDPOINTS, started: true }),
    foreground: async () => ({
      endpoints: ENDPOINTS,
      engine: asked(fake),
      ended: new Promise(() => undefined),
      stop: async () => undefined,
    }),
    running: async () => undefined,
    down: async () => ({ stopped: true, killed: false, ended: [], left: [] }),
    isElsewhere: () => false,
    reachable: (url) => url,
    openInBrowser: async () => undefined,
    readFile: async () => Buffer.from('hi'),
    inShell: async () => ({ variables: [], programs: [], envFile: '/home/ann/pawl/.env' }),
    shell: async () => 'decision',
    inspectRepository: async (path) => ({ repository: path, base: 'main' }),
    propose: async (folder) => ({
      repository: folder,
      path: `${folder}/pawl.yaml`,
      text: 'checks:\n  - npm test\n',
      hasChecks: true,
      problems: [],
    }),
    writeProposal: async () => undefined,
    proposeLoop: async (folder, { loop, from }) => ({
      repository: folder,
      path: `${folder}/.pawl/loops/${loop}.yaml`,
      text: `loop: ${loop}\n# from ${from}\n`,
    }),
    writeLoop: async () => undefined,
    serveMcp: async () => undefined,
    token: async (scope) => `a-token-that-may-${scope}`,
    mcpEntry: async () => ({ title: 'Codex', file: '/home/ann/.codex/config.toml', outcome: 'absent' }),
    hook: async () => ({
      title: 'Claude Code',
      hook: { file: '/home/ann/.claude/settings.json', outcome: 'absent' },
      entry: { file: '/home/ann/.claude.json', outcome: 'absent' },
    }),
    sample: async () => undefined,
    choose: async () => undefined,
    askText: async () => undefined,
    logBug: () => '/home/ann/cli.log',
    ...own,
  };
}
