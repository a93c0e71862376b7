/**
 * Watches one attempt: writes what the agent says to the log, turns its checkpoints into durable ones (journal first,
 * then heartbeat), and stops it when it takes too long or has stalled.
 */
import { tooLittleRoom } from '../domain/disk-full.ts';
import type { FailureClass } from '../domain/failures.ts';
import { LIMITS, tail } from '../domain/limits.ts';
import type { AttemptInput } from '../domain/steps.ts';
import type { Checkpoint, Usage } from '../domain/task-state.ts';
import { createStallWatch } from './attempt-limits.ts';
import { createUsageMeter } from './attempt-usage.ts';
import { checkpointNow } from './checkpoint.ts';
import type { ActivityDeps } from './deps.ts';
import type { AgentEvent } from './ports/agent-port.ts';
import type { AttemptLog } from './ports/storage-port.ts';
import type { Running } from './running.ts';

/** Which limit was reached. */
export interface Verdict {
  readonly class: Extract<FailureClass, 'timeout' | 'stalled' | 'invalid_output' | 'disk_full'>;
  readonly words: string;
}

export interface Watcher {
  readonly observe: (event: AgentEvent) => void;
  /** Aborts when a limit is reached; `verdict` says which. */
  readonly signal: AbortSignal;
  verdict(): Verdict | undefined;
  /** What the agent said of itself so far; all of it once that is settled. */
  heard(): { readonly session?: string; readonly usage?: Usage };
  latest(): Checkpoint | undefined;
  outputTail(): string;
  /** Makes a checkpoint of what the worktree holds now. */
  checkpoint(): Promise<void>;
  /** Settles when everything observed so far is on disk. */
  settled(): Promise<void>;
  stop(): void;
}

const LOOK_EVERY_MS = 1_000;
const LOOKS_PER_STALL = 5;

export function createWatcher(
  deps: ActivityDeps,
  input: AttemptInput,
  run: Running,
  log: AttemptLog,
): Watcher {
  const { attempt, attemptSecondsMax, stallSecondsMax } = input;
  const outputBytesMax = input.limits?.outputBytesMax ?? LIMITS.attemptOutputBytesMax;
  const stop = new AbortController();
  const watch = createStallWatch({
    now: Date.now,
    stallMsMax: stallSecondsMax * 1_000,
    wallMsMax: attemptSecondsMax * 1_000,
  });
  const usedNow = createUsageMeter(deps.sessionSums, input.task.id);
  const heard: {
    agentSession?: string;
    usage?: Usage;
    completed?: readonly string[];
    next?: readonly string[];
  } = {};
  let output = '';
  let outputBytes = 0;
  let latest = attempt.checkpoint;
  let verdict: Verdict | undefined;
  let busy: Promise<void> = Promise.resolve();

  const checkpoint = async () => {
    latest = await checkpointNow(deps, input, latest, { ...heardNow(), outputTail: tail(output) });
    await run.entry.note({ checkpoint: latest });
    run.carry(latest);
  };
  const heardNow = () => ({
    ...(heard.agentSession === undefined ? {} : { agentSession: heard.agentSession }),
    ...(heard.completed === undefined ? {} : { completed: [...heard.completed] }),
    ...(heard.next === undefined ? {} : { next: [...heard.next] }),
  });
  // One after the other, in the order they were heard; a fault surfaces in `settled`.
  const enqueue = (job: () => Promise<void>) => {
    busy = busy.then(job);
    busy.catch(() => stop.abort());
  };
  // Silence is no stall while files change: look at them a few times within the limit, the first time to compare with.
  const lookAtFilesEveryMs = (stallSecondsMax * 1_000) / LOOKS_PER_STALL;
  let lookedAtFilesAt = Date.now();
  const lookAtDisk = async () => {
    const problem = tooLittleRoom(await deps.disk.freeBytes());
    if (problem !== undefined) judge('disk_full', problem);
  };
  const look = setInterval(() => {
    // What cannot be looked at now is looked at again.
    lookAtDisk().catch(() => undefined);
    if (Date.now() - lookedAtFilesAt >= lookAtFilesEveryMs) {
      lookedAtFilesAt = Date.now();
      enqueue(async () => watch.sawTree((await deps.workspaces.snapshot(input.task)).tree));
    }
    const late = watch.verdict();
    if (late !== undefined) judge(late, words[late]);
    // A heartbeat for a stalled agent would hide the stall from the server, should ending it fail.
    run.hush(verdict?.class === 'stalled');
  }, LOOK_EVERY_MS);
  const words = {
    timeout: `timeout after ${attemptSecondsMax} s`,
    stalled: `stalled after ${stallSecondsMax} s without output or change`,
  };
  const judge = (failureClass: Verdict['class'], why: string) => {
    verdict ??= { class: failureClass, words: why };
    stop.abort();
  };

  return {
    observe(event) {
      watch.sawOutput();
      if (event.type === 'session') {
        heard.agentSession = event.id;
        // On disk at once: after a kill the session is what the next attempt goes on with.
        enqueue(checkpoint);
      }
      if (event.type === 'usage') {
        const session = heard.agentSession;
        enqueue(async () => {
          heard.usage = await usedNow(session, event);
          await run.entry.note({ usage: heard.usage });
        });
      }
      if (event.type === 'checkpoint') {
        heard.completed = event.completed;
        heard.next = event.next;
        enqueue(checkpoint);
      }
      const text = textOf(event);
      if (event.type === 'log') {
        output = tail(`${output}${event.text}\n`, LIMITS.outputTailCharsMax);
        outputBytes += Buffer.byteLength(event.text) + 1;
        if (outputBytes > outputBytesMax)
          judge('invalid_output', `the agent printed more than ${outputBytesMax} bytes`);
      }
      if (text !== undefined) log.write({ type: event.type, text });
    },
    signal: stop.signal,
    verdict: () => verdict,
    heard: () => ({
      ...(heard.agentSession === undefined ? {} : { session: heard.agentSession }),
      ...(heard.usage === undefined ? {} : { usage: heard.usage }),
    }),
    latest: () => latest,
    outputTail: () => output,
    checkpoint,
    settled: () => busy,
    stop: () => clearInterval(look),
  };
}

function textOf(event: AgentEvent): string | undefined {
  switch (event.type) {
    case 'log':
    case 'progress':
      return event.text;
    case 'checkpoint':
      return `done: ${event.completed.join('; ')} · next: ${event.next.join('; ')}`;
    case 'started':
      return `process ${event.pid}`;
    case 'session':
      return `session ${event.id}`;
    case 'file':
      return event.path;
    case 'usage':
      return undefined;
    default:
      return event satisfies never;
  }
}
