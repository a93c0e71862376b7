/**
 * What the CLI needs from the world. `main.ts` builds the real one; tests pass a plain object. Nothing here knows of
 * Temporal: an engine is the operations as functions.
 */

import type { McpClientName } from '../../domain/agent-names.ts';
import type { Lacks } from '../../domain/lacks.ts';
import type { EngineClient } from '../../domain/operations.ts';
import type { CheckDefinition, Command } from '../../domain/task-spec.ts';
import type { TaskState } from '../../domain/task-state.ts';
import type { InShell } from './shell-advice.ts';

export interface CliWorld {
  readonly version: string;
  readonly cwd: string;
  readonly out: Screen;
  readonly err: Screen;
  /** A person sits in front of it: questions may be asked. */
  readonly interactive: boolean;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Milliseconds since 1970, as engines tell times. */
  date(): number;
  /** Settles early when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** `[a-z0-9]+`, to make an id unique. */
  newSuffix(): string;
  /** All of stdin as text. @throws PawlError `invalid_input` beyond `bytesMax` or when it is no UTF-8 */
  readInput(bytesMax: number): Promise<string>;
  /** Reads stdin to its end, or until `signal` aborts, where it is no terminal. */
  discardInput(signal: AbortSignal): Promise<void>;

  /** The engine of this home, started in the background where none runs; `notice` gets what a person should know. */
  engine(notice: (line: string) => void): Promise<EngineClient>;
  /**
   * Starts the engine in the background, or finds it, and sees it answer. `signal` ends the waiting; an engine that is starting
   * goes on. @throws PawlError `unavailable` naming one that holds the home and does not answer
   */
  background(
    /** `anyPort`: on another one where something else has its port. */
    options: UpOptions & { readonly anyPort?: boolean },
    notice: (line: string) => void,
    signal: AbortSignal,
  ): Promise<{ endpoints: Endpoints; started: boolean }>;
  /** Starts the engine within this process. @throws PawlError `conflict` when another runs in this home */
  foreground(options: UpOptions, notice: (line: string) => void): Promise<Foreground>;
  /** Where the engine of this home answers, if one runs. */
  running(): Promise<Endpoints | undefined>;
  /** Ends the engine of this home, and the programs that one that does not end, or was killed, has left at work. */
  down(notice: (line: string) => void): Promise<Stopped>;

  /** Whether the engine is elsewhere (`PAWL_URL`), and reads no file of this host. */
  isElsewhere(): boolean;
  /** The engine's own address as this host reaches it: by `PAWL_URL`, where that is set. */
  reachable(url: string): string;
  /** Opens an address in the person's browser. @returns why that is not possible; undefined where it was done */
  openInBrowser(url: string): Promise<string | undefined>;
  /** A file of this host, to be sent. @throws PawlError `invalid_input` for one that is not there, too large, or no result */
  readFile(path: string): Promise<Buffer>;
  /** What this shell has of what the engine lacks. Looks at names alone. */
  inShell(lacks: Lacks): Promise<InShell>;

  /**
   * Opens the person's shell in a task's workspace until they leave it.
   * @returns what happens to their work: the agent that was paused for them goes on with it, or their next decision takes it up
   */
  shell(task: TaskInHand): Promise<'agent' | 'decision'>;

  inspectRepository(path: string): Promise<{ readonly repository: string; readonly base: string }>;
  propose(folder: string): Promise<Proposal>;
  writeProposal(proposal: Proposal, overwrite: boolean): Promise<void>;
  /** A loop to begin with, in the repository around a folder. Only looks. @throws PawlError */
  proposeLoop(folder: string, loop: NewLoop): Promise<ProposedLoop>;
  /** Writes it and the schema for editors. @throws PawlError `conflict` where it is there already */
  writeLoop(proposed: ProposedLoop, overwrite: boolean): Promise<void>;
  /** A token for HTTP and /mcp. @throws PawlError `invalid_input` where the home's is none */
  token(scope: TokenScope): Promise<string>;
  /** Puts Pawl's entry into an AI client's configuration, or takes it out. @throws PawlError; then nothing was changed */
  mcpEntry(request: McpEntryRequest): Promise<McpEntryChange>;
  /** The same of the hook that makes sure that the engine runs, and the entry with it. */
  hook(request: HookRequest): Promise<HookChange>;
  /** Serves an AI client over stdin and stdout until it closes them; the engine is started where none runs. */
  serveMcp(options: McpServing, notice: (line: string) => void): Promise<void>;
  /** The sample, made on first use; undefined where its tools are not installed. */
  sample(): Promise<Sample | undefined>;

  /** The value of the chosen option; undefined when the person leaves. Closes when `signal` aborts. */
  choose(question: Question, signal: AbortSignal): Promise<string | undefined>;
  askText(message: string, signal: AbortSignal): Promise<string | undefined>;
  /** Writes down a bug's details; answers where. */
  logBug(error: unknown): string;
}

/** What a token may do: everything, all but decisions, or only look. */
export type TokenScope = 'all' | 'operate' | 'read';

export interface McpServing {
  /** Names of toolsets, with commas between. */
  readonly toolset: string;
  readonly allowApprove: boolean;
}

/** One stream for people or programs. */
export interface Screen {
  write(text: string | Uint8Array): void;
  readonly columns: number;
  readonly colours: boolean;
  /** The last line of a terminal, which may change; undefined where there is no terminal. */
  readonly live?: LiveLine | undefined;
}
export interface LiveLine {
  set(text: string): void;
  clear(): void;
}

export interface Question {
  readonly message: string;
  /** The value's first letter chooses it. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export interface UpOptions {
  readonly port?: number | undefined;
}
/** Processes of one step of a task: `attempt 2 of fix-login`. */
interface Programs {
  readonly of: string;
  readonly pids: readonly number[];
}
export interface Stopped {
  /** False when nothing ran. */
  readonly stopped: boolean;
  /** Whether the engine did not end when it was asked to. */
  readonly killed: boolean;
  /** What it had left at work. */
  readonly ended: readonly Programs[];
  /** What of that still runs, with the reason. */
  readonly left: readonly (Programs & { readonly reason: string })[];
}
export interface Endpoints {
  readonly api: string;
  readonly temporal: string;
  /** null where another Temporal is used, whose Web UI Pawl does not know. */
  readonly ui: string | null;
  readonly pid: number;
}
export interface Foreground {
  readonly endpoints: Endpoints;
  readonly engine: EngineClient;
  /** Settles when the engine has ended by itself, with the reason. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface Proposal {
  readonly repository: string;
  readonly path: string;
  readonly text: string;
  readonly hasChecks: boolean;
  readonly problems: readonly string[];
}

export interface NewLoop {
  readonly loop: string;
  /** One that Pawl brings, to begin with. */
  readonly from?: string | undefined;
}
export interface ProposedLoop {
  readonly repository: string;
  readonly path: string;
  readonly text: string;
}

export interface Sample {
  readonly repository: string;
  readonly agent: Command;
  readonly checks: readonly CheckDefinition[];
  /** Whether the sample's main branch holds the commit. */
  isMerged(commit: string): Promise<boolean>;
}

export interface McpEntryRequest {
  readonly client: McpClientName;
  readonly scope: 'user' | 'project';
  readonly act: 'install' | 'uninstall';
  /** Names with commas between them. */
  readonly toolset?: string | undefined;
  /** Only says what would be done. */
  readonly dryRun: boolean;
  /** Also where the client seems not to be installed, and where another server has Pawl's name. */
  readonly force: boolean;
}
export interface McpEntryChange {
  /** The client as people call it. */
  readonly title: string;
  readonly file: string;
  readonly outcome: 'added' | 'updated' | 'unchanged' | 'removed' | 'absent';
  /** As it stands after this. */
  readonly entry?: Readonly<Record<string, unknown>>;
  /** What a person does next. */
  readonly next?: string;
}

export interface HookRequest extends McpEntryRequest {
  readonly client: 'claude';
  /** Where the client asks `/mcp` over HTTP, in place of starting `pawl mcp`. */
  readonly url?: string | undefined;
}
export interface HookChange extends Pick<McpEntryChange, 'title' | 'next'> {
  readonly hook: Pick<McpEntryChange, 'file' | 'outcome'> & { readonly command?: string };
  /** `kept`: it did not come with the hook. */
  readonly entry: Pick<McpEntryChange, 'file' | 'entry'> & {
    readonly outcome: McpEntryChange['outcome'] | 'kept';
  };
}

/** What is asked of the task whose workspace a person works in. */
export interface TaskInHand {
  /** How it is by now. */
  look(): Promise<TaskState>;
  /** How it is now and after each change, until `signal` aborts. */
  states(signal: AbortSignal): Promise<AsyncIterable<TaskState>>;
  /** Cuts its attempt short; the next one reads this. */
  tell(text: string): Promise<unknown>;
  notice(line: string): void;
}
