/** Hears what an agent of the Agent Client Protocol tells in a turn. Messages come in pieces and are told whole. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestPermissionRequest, SessionUpdate } from '@agentclientprotocol/sdk';
import type { AgentEvent } from '../../../activities/ports/agent-port.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';
import { logOf } from '../agent-program.ts';
import { eventsOf } from './updates.ts';

/** A past that is told after the answer comes without a pause this long. */
const QUIET_MS = 500;

export function createEar(observe: (event: AgentEvent) => void, hide: (text: string) => string) {
  let message = '';
  let lastMessage = '';
  let deaf = false;
  let heardAt = 0;
  const tell = () => {
    if (message.trim() === '') return;
    lastMessage = hide(message);
    message = '';
    observe(logOf(lastMessage, 'stdout'));
    observe({ type: 'progress', text: clip(lastMessage, LIMITS.noteCharsMax) });
  };
  return {
    tell,
    lastMessage: () => lastMessage,
    /** Some agents tell of a tool only by asking for it. */
    ask({ toolCall }: RequestPermissionRequest) {
      tell();
      const text = clip(hide(toolCall.title ?? 'uses a tool'), LIMITS.noteCharsMax);
      observe({ type: 'progress', text });
    },
    note: (text: string) => observe(logOf(text, 'stderr')),
    heed(update: SessionUpdate) {
      heardAt = Date.now();
      if (deaf) return;
      if (update.sessionUpdate === 'agent_message_chunk') {
        if (update.content.type === 'text') message += update.content.text;
        return;
      }
      const events = eventsOf(update);
      if (events.length > 0) tell();
      for (const event of events)
        observe(event.type === 'progress' ? { ...event, text: hide(event.text) } : event);
    },
    /** A session that is loaded tells all of its past, some also after they have answered. */
    async whileDeaf(work: () => Promise<unknown>): Promise<void> {
      deaf = true;
      try {
        await work();
        for (heardAt = Date.now(); Date.now() - heardAt < QUIET_MS; ) await sleep(QUIET_MS / 5);
      } finally {
        deaf = false;
      }
    },
  };
}
export type Ear = ReturnType<typeof createEar>;
