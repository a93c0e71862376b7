/** Listens to an agent of the Agent Client Protocol during a turn. Messages come in chunks and are passed on whole. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestPermissionRequest, SessionUpdate } from '@agentclientprotocol/sdk';
import type { AgentEvent } from '../../../activities/ports/agent-port.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';
import type { Mask } from '../../../domain/mask.ts';
import { logOf } from '../agent-program.ts';
import { eventsOf } from './updates.ts';

/** A session's replayed past has ended once nothing has come for this long. */
const QUIET_MS = 500;

export function createTurnListener(observe: (event: AgentEvent) => void, mask: Mask) {
  let message = '';
  let lastMessage = '';
  let muted = false;
  let updatedAt = 0;
  const tell = () => {
    if (message.trim() === '') return;
    // Its chunks were masked one by one.
    lastMessage = mask.text(message);
    message = '';
    observe(logOf(lastMessage, 'stdout'));
    observe({ type: 'progress', text: clip(lastMessage, LIMITS.noteCharsMax) });
  };
  return {
    tell,
    lastMessage: () => lastMessage,
    /** Some agents tell of a tool only by a permission request. */
    ask({ toolCall }: RequestPermissionRequest) {
      tell();
      const text = clip(toolCall.title ?? 'uses a tool', LIMITS.noteCharsMax);
      observe({ type: 'progress', text });
    },
    note: (text: string) => observe(logOf(text, 'stderr')),
    onUpdate(update: SessionUpdate) {
      updatedAt = Date.now();
      if (muted) return;
      if (update.sessionUpdate === 'agent_message_chunk') {
        if (update.content.type === 'text') message += update.content.text;
        return;
      }
      const events = eventsOf(update);
      if (events.length > 0) tell();
      for (const event of events) observe(event);
    },
    /** Ignores updates meanwhile: an agent that loads a session replays its past, some also after they have answered. */
    async whileMuted(work: () => Promise<unknown>): Promise<void> {
      muted = true;
      try {
        await work();
        for (updatedAt = Date.now(); Date.now() - updatedAt < QUIET_MS; ) await sleep(QUIET_MS / 5);
      } finally {
        muted = false;
      }
    },
  };
}
export type TurnListener = ReturnType<typeof createTurnListener>;
