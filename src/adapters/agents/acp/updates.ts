/** What an agent of the Agent Client Protocol tells while it works, as events of an attempt. Pure. */
import type { PlanEntry, SessionUpdate } from '@agentclientprotocol/sdk';
import type { AgentEvent } from '../../../activities/ports/agent-port.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';

/** Texts come in pieces and are told whole, see `turn-listener.ts`; kinds that are not known tell nothing. */
export function eventsOf(update: SessionUpdate): readonly AgentEvent[] {
  switch (update.sessionUpdate) {
    case 'plan':
      return [planOf(update.entries)];
    case 'tool_call':
      return [{ type: 'progress', text: clip(update.title, LIMITS.noteCharsMax) }, ...filesOf(update)];
    case 'tool_call_update':
      return filesOf(update);
    default:
      return [];
  }
}

function planOf(entries: readonly PlanEntry[]): AgentEvent {
  const named = (done: boolean) =>
    entries
      .filter(({ status }) => (status === 'completed') === done)
      .slice(0, LIMITS.checkpointItemsMax)
      .map(({ content }) => clip(content, LIMITS.checkpointItemCharsMax));
  return { type: 'checkpoint', completed: named(true), next: named(false) };
}

/** The files that a tool has changed, where it shows the change. */
function filesOf({ content }: Extract<SessionUpdate, { sessionUpdate: 'tool_call' | 'tool_call_update' }>) {
  const events: AgentEvent[] = [];
  for (const one of content ?? []) if (one.type === 'diff') events.push({ type: 'file', path: one.path });
  return events;
}
