/** Makes what an agent says of its session's use what one attempt has used. */
import { type SessionSum, sumIn, usedSince } from '../domain/session-usage.ts';
import type { Usage } from '../domain/task-state.ts';
import type { AgentEvent } from './ports/agent-port.ts';
import type { SessionSums } from './ports/session-sums-port.ts';

type UsageEvent = Extract<AgentEvent, { type: 'usage' }>;

/** For one attempt of the task. @returns notes the session's sum for the attempts that follow, and answers what is this one's own */
export function createUsageMeter(sums: SessionSums, task: string) {
  /** What the sessions had used when the attempt came to them: it may tell its own use more than once. */
  const before = new Map<string, SessionSum>();
  return async (session: string | undefined, { usage, ofSession = [] }: UsageEvent): Promise<Usage> => {
    if (session === undefined || ofSession.length === 0) return usage;
    const had = before.get(session) ?? (await sums.of(task, session)) ?? {};
    before.set(session, had);
    await sums.note(task, session, sumIn(usage, ofSession));
    return usedSince(had, usage, ofSession);
  };
}
