/** Sessions: the tasks of one working directory. Pure. */
import { z } from 'zod';
import { digestOfText } from './digest.ts';
import { SessionId } from './plan.ts';
import type { TaskRow } from './rows.ts';
import { isClosed } from './task-state.ts';

export const Session = z.object({
  id: SessionId,
  /** Real path of the working directory. */
  directory: z.string().min(1).max(4096),
  createdAt: z.iso.datetime(),
});
export type Session = z.infer<typeof Session>;

/** The same for the same directory: opening a session twice finds it. */
export const sessionIdOf = (directory: string): string =>
  `session-${digestOfText(`session of ${directory}`).slice(-16)}`;

export const SessionTally = Session.extend({
  tasks: z.int(),
  /** Those that are not over. */
  open: z.int(),
  lastActivityAt: z.iso.datetime(),
});
export type SessionTally = z.infer<typeof SessionTally>;

/** Latest activity first. */
export function tallySessions(sessions: readonly Session[], rows: readonly TaskRow[]): SessionTally[] {
  const bySession = Map.groupBy(rows, ({ plan }) => plan?.session);
  const tallied = sessions.map((session) => {
    const own = bySession.get(session.id) ?? [];
    const times = own.map((row) => row.changedAt ?? row.startedAt);
    return {
      ...session,
      tasks: own.length,
      open: own.filter(({ status, archivedAt }) => !isClosed(status) && archivedAt === undefined).length,
      lastActivityAt: [session.createdAt, ...times].reduce((a, b) => (a > b ? a : b)),
    };
  });
  return tallied.sort((a, b) => (a.lastActivityAt < b.lastActivityAt ? 1 : -1));
}
