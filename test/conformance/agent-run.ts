/** Runs an agent for the conformance suite: in fresh folders, with an environment full of what it must not see. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Agent,
  type AgentEvent,
  AgentFailure,
  type AgentRequest,
} from '../../src/activities/ports/agent-port.ts';
import { createMask } from '../../src/domain/mask.ts';
import type { AgentChoice } from '../../src/domain/task-spec.ts';
import { ownMark } from '../own-mark.ts';
import { newFolder } from './folders.ts';

export type AgentBehaviour =
  | 'blocked'
  | 'checkpoints'
  | 'crashes'
  | 'daemonises'
  | 'dies'
  | 'echoes-task'
  | 'edits-a-file'
  | 'floods'
  | 'ignores-sigterm'
  | 'leaves-processes'
  | 'silent'
  | 'waits';

export interface AgentUnderTest {
  readonly agent: Agent;
  choiceFor(behaviour: AgentBehaviour): AgentChoice;
  /** A choice whose program is not on this machine. */
  readonly missing: AgentChoice;
  /** The requirement as `echoes-task` got it in that workspace. */
  requirementIn(workspace: string): string;
  /** Variables that this adapter sets for its agent besides those every agent gets. */
  readonly variables: readonly string[];
}

const TOKEN = 'attempt-token-5f1c8a';
export const MARK = ownMark('some-task/attempt-2');
export const NAMED = 'NAMED_FOR_THE_AGENT';
const SECRETS = {
  PAWL_TOKEN: 'secret-of-the-engine',
  GITHUB_TOKEN: 'secret-of-the-forge',
  AWS_SECRET_ACCESS_KEY: 'secret-of-the-cloud',
  'npm_config_//registry.example/:_authToken': 'secret-of-the-registry',
  HTTPS_PROXY: 'http://me:secret-of-the-proxy@proxy.example:3128',
  NODE_OPTIONS: '--title=secret-of-somebody-else',
};
interface RunOptions {
  readonly requirement?: string;
  readonly choice?: AgentChoice;
  readonly observe?: (event: AgentEvent) => void;
}

/** Starts an agent in fresh folders; `events` fills while it runs. */
export function runner(create: () => AgentUnderTest) {
  return (behaviour: AgentBehaviour, options: RunOptions = {}, signal = new AbortController().signal) => {
    const { agent, choiceFor } = create();
    const root = newFolder();
    for (const name of ['home', 'tmp', 'workspace', 'scratch']) mkdirSync(join(root, name));
    const request: AgentRequest = {
      choice: options.choice ?? choiceFor(behaviour),
      task: { id: 'some-task', title: 'Some task', requirement: options.requirement ?? 'Do it' },
      attempt: { number: 2, token: TOKEN, reason: 'first' },
      workspace: join(root, 'workspace'),
      mark: MARK,
      scratch: join(root, 'scratch'),
      mask: createMask([TOKEN]),
      permissions: 'ask',
      limits: {},
      environment: {
        ...SECRETS,
        PATH: process.env.PATH,
        HOME: join(root, 'home'),
        TMPDIR: join(root, 'tmp'),
        [NAMED]: 'for the agent',
      },
    };
    const events: AgentEvent[] = [];
    const waiting: (() => void)[] = [];
    const observe = (event: AgentEvent) => {
      events.push(event);
      for (const wake of waiting) wake();
      options.observe?.(event);
    };
    const ended = agent.run(request, observe, signal).then((report) => ({ report, events, request, root }));
    // A test that fails before it looks at the end should fail with its own words.
    ended.catch(() => undefined);
    return {
      ended,
      events,
      /** Settles once so many processes have said `ready <pid>`. */
      readyPids: (count: number) =>
        new Promise<readonly number[]>((resolve, reject) => {
          const look = () => {
            const pids = events.flatMap((event) =>
              event.type === 'log'
                ? [...event.text.matchAll(/ready (\d+)/g)].map(([, pid]) => Number(pid))
                : [],
            );
            if (pids.length >= count) resolve(pids);
          };
          waiting.push(look);
          look();
          ended.then(() => reject(new Error(`ended before ${count} processes were ready`)), reject);
        }),
    };
  };
}

export async function failureOf(ended: Promise<unknown>): Promise<AgentFailure> {
  const failure = await ended.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof AgentFailure) return failure;
  throw new Error('expected an AgentFailure', { cause: failure });
}

export function environOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // ended, or another user's
  }
}
