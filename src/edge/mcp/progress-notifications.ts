/** Progress of a call that waits, to clients that sent a token for it. */
import type { ServerContext } from '@modelcontextprotocol/server';
import type { ToolContext } from './tool.ts';

/** More often tells a person nothing more. */
const REPORT_MS_MIN = 1_000;

/** Nothing for a client without a token. */
export function createProgress({ mcpReq }: ServerContext): Pick<ToolContext, 'report'> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return {};
  let progress = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  return {
    report: (message) => {
      if (performance.now() - reportedAt < REPORT_MS_MIN) return;
      reportedAt = performance.now();
      progress += 1;
      // A client that has gone ends the call by its signal; a report that it missed is no failure of the call.
      mcpReq
        .notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
        .catch(() => undefined);
    },
  };
}
