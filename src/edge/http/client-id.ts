/** The id by which an engine tells client processes apart; each may have many connections. Neither secret nor proof. */
import { randomUUID } from 'node:crypto';

export const CLIENT_HEADER = 'pawl-client';

/** Of this process. */
export const CLIENT_ID = randomUUID();
