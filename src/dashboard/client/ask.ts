/** Calls of the engine's operations, by the token of this tab. What they mean: `domain/*-operations.ts`. */

import type { HostReads } from '../../domain/host-reads.ts';
import type { CallOf, OperationName, OutputOf } from '../../domain/operations.ts';
import type { AgentShown } from '../../edge/compat/dashboard/agents.ts';
import { Problem, problemOf } from './problems.ts';
import { entry, leave } from './tab-session.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** @throws Problem in the engine's words, or `unavailable` where it cannot be reached */
export async function ask<T>(
  method: Method,
  path: string,
  body?: object,
  key?: string,
  signal?: AbortSignal,
): Promise<T> {
  if (entry.value.is !== 'in') throw new Problem(401, 'unauthorized', 'this tab has no token');
  const headers: Record<string, string> = { Authorization: `Bearer ${entry.value.session.token}` };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key !== undefined) headers['Idempotency-Key'] = key;
  const response = await fetch(path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  }).catch(() => {
    throw new Problem(503, 'unavailable', 'the engine does not answer: `pawl up` starts it');
  });
  if (response.ok) return (await response.json()) as T;
  const problem = await problemOf(response);
  if (problem.status === 401) leave(problem.message);
  throw problem;
}

const of = (id: string): string => encodeURIComponent(id);

/** Without one: loops that are in no repository. */
const inRepository = (repository: string): string =>
  repository === '' ? '' : `?${new URLSearchParams({ repository })}`;

/** What is left of an operation's input when `id` stands in the path. */
type Rest<N extends OperationName> = Omit<CallOf<N>, 'id'>;

/** A new key for each intent of a person: the call that is tried again by a browser or a person has the same. */
export const newKey = (): string => crypto.randomUUID();

export const calls = {
  show: (id: string) => ask<OutputOf<'show'>>('GET', `/api/tasks/${of(id)}`),
  execution: (id: string) => ask<OutputOf<'execution'>>('GET', `/api/executions/${of(id)}`),
  logs: (id: string, attempt: number, offset: number) =>
    ask<OutputOf<'logs'>>('GET', `/api/tasks/${of(id)}/logs?attempt=${attempt}&offset=${offset}`),
  artifact: (digest: string, offset = 0) =>
    ask<OutputOf<'artifact'>>('GET', `/api/artifacts/${of(digest)}?offset=${offset}`),
  agents: () => ask<{ agents: readonly AgentShown[] }>('GET', '/api/agents'),
  settings: () => ask<Pick<HostReads, 'temporal'>>('GET', '/api/settings'),
  vitals: () => ask<OutputOf<'vitals'>>('GET', '/api/vitals'),
  archived: (text: string, limit: number) =>
    ask<OutputOf<'list'>>(
      'GET',
      `/api/tasks?${new URLSearchParams({ archived: 'true', limit: String(limit), ...(text !== '' && { text }) })}`,
    ),
  preview: (input: CallOf<'preview'>) => ask<OutputOf<'preview'>>('POST', '/api/runs/preview', input),
  loops: (repository: string) => ask<OutputOf<'loops'>>('GET', `/api/loops${inRepository(repository)}`),
  loop: (loop: string, repository: string) =>
    ask<OutputOf<'loop'>>('GET', `/api/loops/${of(loop)}${inRepository(repository)}`),
  startExecution: (input: CallOf<'startExecution'>, key: string) =>
    ask<OutputOf<'startExecution'>>('POST', '/api/executions', input, key),
  run: (input: CallOf<'run'>, key: string) => ask<OutputOf<'run'>>('POST', '/api/runs', input, key),
  approve: (id: string, input: Rest<'approve'>, key: string) =>
    ask<OutputOf<'approve'>>('POST', `/api/tasks/${of(id)}/approve`, input, key),
  reject: (id: string, input: Rest<'reject'>, key: string) =>
    ask<OutputOf<'reject'>>('POST', `/api/tasks/${of(id)}/reject`, input, key),
  tell: (id: string, input: Rest<'tell'>, key: string) =>
    ask<OutputOf<'tell'>>('POST', `/api/tasks/${of(id)}/tell`, input, key),
  retry: (id: string, input: Rest<'retry'>, key: string) =>
    ask<OutputOf<'retry'>>('POST', `/api/tasks/${of(id)}/retry`, input, key),
  cancel: (id: string, key: string) =>
    ask<OutputOf<'cancel'>>('POST', `/api/tasks/${of(id)}/cancel`, {}, key),
  updateExecution: (id: string, input: Rest<'updateExecution'>, key: string) =>
    ask<OutputOf<'updateExecution'>>('PATCH', `/api/executions/${of(id)}`, input, key),
  steerExecution: (id: string, input: Rest<'steerExecution'>, key: string) =>
    ask<OutputOf<'steerExecution'>>('POST', `/api/executions/${of(id)}/steer`, input, key),
  completeSkill: (id: string, input: Rest<'completeSkill'>, key: string) =>
    ask<OutputOf<'completeSkill'>>('POST', `/api/executions/${of(id)}/complete`, input, key),
  decideGate: (id: string, gate: string, input: Omit<Rest<'decideGate'>, 'gate'>, key: string) =>
    ask<OutputOf<'decideGate'>>('POST', `/api/executions/${of(id)}/gates/${of(gate)}`, input, key),
};
