/** Bugs as the engine's log has them. Apart from what a client loads, which never tells of one. */
import { requestNow } from './request-ids.ts';

/** A bug for the engine's log: in which request, where it was thrown, and what each of its causes says. */
export function bugText(error: Error): string {
  const texts = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) texts.push(at.stack ?? at.message);
  const request = requestNow();
  const where = request === undefined ? '' : `request ${request}: `;
  return `bug: ${where}${texts.join('\n  because of ')}`;
}
