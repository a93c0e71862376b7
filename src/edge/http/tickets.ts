/**
 * Tickets: what a page of a browser opens a WebSocket with, where it cannot send its token. Each lets in once and soon, and is
 * kept in memory alone.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Caller } from '../../domain/scopes.ts';
import { Refusal } from './refusals.ts';

/** From the answer to the next request of the same page. */
const TICKET_MS = 30_000;
/** The oldest is forgotten then: whoever made it makes another. */
const TICKETS_MAX = 10_000;

export const Ticket = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() });
type Ticket = z.infer<typeof Ticket>;

/** Asks whose the token is, each time anew: it may be revoked. @throws Refusal, or PawlError */
export type Admit = () => Promise<Caller>;

export interface Tickets {
  /** @param admit with the token that asks for the ticket: whoever brings it may what that token may */
  issue(admit: Admit): Ticket;
  /** Takes the ticket: it lets in nobody else. @throws Refusal `unauthorized` */
  redeem(ticket: string): Admit;
}

export function createTickets(now: () => number = Date.now, ticketsMax = TICKETS_MAX): Tickets {
  /** In the order in which they expire. */
  const issued = new Map<string, { readonly admit: Admit; readonly expiresAtMs: number }>();
  const forgetOld = () => {
    for (const [ticket, { expiresAtMs }] of issued) {
      if (expiresAtMs > now() && issued.size <= ticketsMax) return;
      issued.delete(ticket);
    }
  };
  return {
    issue(admit) {
      const ticket = randomBytes(32).toString('base64url');
      const expiresAtMs = now() + TICKET_MS;
      issued.set(ticket, { admit, expiresAtMs });
      forgetOld();
      return { ticket, expiresAt: new Date(expiresAtMs).toISOString() };
    },
    redeem(ticket) {
      forgetOld();
      const found = issued.get(ticket);
      issued.delete(ticket);
      if (found !== undefined) return found.admit;
      throw new Refusal(
        'unauthorized',
        `expected a ticket that was made in the last ${TICKET_MS / 1_000} s and not used yet, got another one: POST /api/tickets makes one for each connection`,
      );
    },
  };
}
