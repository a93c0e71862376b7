/** By which an engine tells its clients apart, each of which may have many connections. No secret, and no proof. */
import { randomUUID } from 'node:crypto';

export const CLIENT_HEADER = 'pawl-client';

/** Of this process. */
export const CLIENT_ID = randomUUID();
