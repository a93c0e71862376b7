/** What a client process says of itself with each request, which the engine takes for neither secret nor proof. */
import { randomUUID } from 'node:crypto';
import { MARK_VARIABLE } from '../../domain/marks.ts';

/** By which an engine tells client processes apart; each may have many connections. */
export const CLIENT_HEADER = 'pawl-client';
/** The mark of a program that Pawl has started, or one of its children. */
export const PROCESS_HEADER = 'pawl-process';

const MARK = /^[\w/-]{1,300}$/;
const { [MARK_VARIABLE]: mark = '' } = process.env;

/** Of this process. */
export const CLIENT_HEADERS: Readonly<Record<string, string>> = {
  [CLIENT_HEADER]: randomUUID(),
  ...(MARK.test(mark) && { [PROCESS_HEADER]: mark }),
};
