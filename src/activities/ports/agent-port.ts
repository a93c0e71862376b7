/** What the activities need from a coding agent, and from whoever limits how many run at once. */
import type { FailureClass, Permission } from '../../domain/failures.ts';
import type { Problem } from '../../domain/lacks.ts';
import type { Mask } from '../../domain/mask.ts';
import type { AttemptInput } from '../../domain/steps.ts';
import type { AgentChoice, Policy } from '../../domain/task-spec.ts';
import type { Usage } from '../../domain/task-state.ts';
import type { Wait } from '../../domain/waiting-order.ts';

/** Something that works in a directory. */
export interface Agent {
  readonly name: string;
  /** Why this agent cannot run here; undefined when it can. */
  problem(choice: AgentChoice): Promise<Problem | undefined>;
  /**
   * Runs one attempt to its end. Aborting `signal` ends the agent's whole process group within 10 s.
   * @throws AgentFailure with the class decided from facts (exit status, protocol), never from words alone.
   */
  run(request: AgentRequest, observe: (event: AgentEvent) => void, signal: AbortSignal): Promise<AgentReport>;
}

export interface AgentRequest {
  readonly choice: AgentChoice;
  readonly task: { readonly id: string; readonly title: string; readonly requirement: string };
  readonly attempt: AttemptInput['attempt'];
  /** Marks the agent and everything it starts: `PAWL_PROCESS=<mark>`. */
  readonly mark: string;
  readonly workspace: string;
  /** The folder in it that the task is about, in which the agent starts. Absent: the workspace itself. */
  readonly directory?: string;
  /** A private folder outside the workspace for the task file and the like. */
  readonly scratch: string;
  /** The engine's variables and those of its `.env`, from which the adapter takes only what it names. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told to it in its environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Pawl's own variables, of which the agent gets those that its choice names: `PAWL_TOKEN` of the attempt, `PAWL_URL`. */
  readonly access?: Readonly<Record<string, string>>;
  /** A folder in which it finds what its PATH does not have. */
  readonly programs?: string;
  /** For what the agent prints, before it is cut into lines or read. */
  readonly mask: Mask;
  readonly permissions: NonNullable<Policy['permissions']>;
  /**
   * It gets what the repository declares and nothing that its user has set up for themselves: no skills, servers, hooks or
   * instructions of theirs. Logins, provider, model and permissions stay. An agent that cannot be told works as ever.
   */
  readonly declaredOnly?: true;
  /** Those that the agent can be told; the others the engine holds itself. */
  readonly limits: Pick<Policy, 'costUsdMax' | 'turnsMax'>;
}

export type AgentEvent =
  /** The process runs. What is left of it after a kill is found by its mark. */
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'session'; readonly id: string }
  | { readonly type: 'log'; readonly text: string; readonly stream: 'stdout' | 'stderr' }
  | { readonly type: 'progress'; readonly text: string }
  /** The agent says that it changed this file. */
  | { readonly type: 'file'; readonly path: string }
  /** Of the attempt so far, but for the numbers that the agent counts from the beginning of its session; the latest counts. */
  | { readonly type: 'usage'; readonly usage: Usage; readonly ofSession?: readonly (keyof Usage)[] }
  | { readonly type: 'checkpoint'; readonly completed: readonly string[]; readonly next: readonly string[] };

export interface AgentReport {
  readonly status: 'done' | 'blocked';
  readonly summary: string;
  /** What it returns, as JSON, where it has said so. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** In its place: how many characters of JSON it is, where that is more than an execution carries. */
  readonly outputsChars?: number;
  /** Of the events `session` and `usage`; an adapter need not repeat them. */
  readonly session?: string;
  readonly usage?: Usage;
}

/** What is known of a failure besides its class. */
export interface FailureFacts {
  /** What the provider answered. */
  readonly httpStatus?: number;
  readonly retryAfterMs?: number;
  /** With class `permission`: what a person may grant. */
  readonly permission?: Permission;
}

export class AgentFailure extends Error {
  readonly class: FailureClass;
  readonly facts: FailureFacts;
  constructor(failureClass: FailureClass, message: string, facts: FailureFacts = {}) {
    super(message);
    this.name = 'AgentFailure';
    this.class = failureClass;
    this.facts = facts;
  }
}

/** An attempt that asks for a slot. */
export interface Asking extends Wait {
  readonly repository: string;
}

/** At most so many agents at once on this host and per repository; who waits is told the place in the queue. */
export interface Slots {
  acquire(asking: Asking, onPosition: (position: number) => void, signal: AbortSignal): Promise<() => void>;
  /**
   * Of so many that may ask, nobody gets a slot before all have asked, or nobody has for so long since one did. After a start of
   * the engine they ask anew, one after the other, and the first to ask is not the next in turn. Nothing where there are slots for
   * all.
   */
  gather(count: number, silentMsMax: number): void;
}
