/** The page of a workflow in the Temporal Web UI. Pure. */
import type { HostReads } from '../../domain/host-reads.ts';
import { isLoopback } from '../../domain/loopback.ts';

/**
 * Of its latest run; undefined where no UI is known, or none is reached from where the page is seen.
 * @param seenAt the name of the host in the page's own address
 */
export function temporalPage(
  { namespace, ui }: HostReads['temporal'],
  id: string,
  seenAt: string,
): string | undefined {
  const url = URL.parse(ui ?? '');
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  // The engine's own Temporal listens on its host alone: elsewhere the same address is another machine.
  if (isLoopback(url.hostname) && !isLoopback(seenAt)) return undefined;
  const [where, what] = [namespace, id].map(encodeURIComponent);
  return `${url.href.replace(/\/$/, '')}/namespaces/${where}/workflows/${what}`;
}
