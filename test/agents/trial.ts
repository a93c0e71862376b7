/** One attempt of a real agent against a scripted provider, in fresh folders. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import {
  type Agent,
  type AgentEvent,
  AgentFailure,
  type AgentReport,
  type AgentRequest,
} from '../../src/activities/ports/agent-port.ts';
import { createMask } from '../../src/domain/mask.ts';
import { ownMark } from '../own-mark.ts';
import { newHome } from './rig.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

export interface Trial {
  readonly request: AgentRequest;
  readonly events: readonly AgentEvent[];
  /** What the attempt came to: its report, or what it threw. */
  readonly ended: Promise<AgentReport | AgentFailure>;
  readonly stop: AbortController;
  /** Settles with the agent's process once it runs. */
  readonly pid: Promise<number>;
}

/** A place that several attempts of one task share, as they do in the engine. */
export interface Place {
  readonly home: string;
  readonly workspace: string;
  readonly scratch: string;
}
export function newPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-agents-'));
  folders.push(folder);
  const home = newHome();
  const [workspace, scratch] = [join(folder, 'workspace'), join(home, 'scratch')];
  for (const path of [workspace, scratch]) mkdirSync(path);
  return { home, workspace, scratch };
}

export function attempt(
  agent: Agent,
  place: Place,
  environment: Readonly<Record<string, string>>,
  changes: Partial<AgentRequest> = {},
): Trial {
  const { home, workspace, scratch } = place;
  const request: AgentRequest = {
    choice: { name: agent.name },
    task: { id: 'some-task', title: 'Some task', requirement: 'Write out.txt' },
    attempt: { number: 1, token: 'token-of-attempt-1', reason: 'first' },
    mark: ownMark('some-task/attempt-1'),
    workspace,
    scratch,
    environment: { PATH: process.env.PATH, HOME: home, ...environment },
    mask: createMask(
      Object.entries(environment).flatMap(([name, value]) => (/KEY/.test(name) ? [value] : [])),
    ),
    permissions: 'ask',
    limits: {},
    ...changes,
  };
  const events: AgentEvent[] = [];
  const started = Promise.withResolvers<number>();
  const observe = (event: AgentEvent) => {
    events.push(event);
    if (event.type === 'started') started.resolve(event.pid);
  };
  const stop = new AbortController();
  const ended = agent.run(request, observe, stop.signal).catch((error: unknown) => {
    if (error instanceof AgentFailure) return error;
    throw error;
  });
  ended.catch(() => undefined);
  return { request, events, ended, stop, pid: started.promise };
}
