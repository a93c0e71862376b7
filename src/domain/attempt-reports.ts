/** What is reported under a token: only the latest claim or attempt may, and an agent no more than a history can hold. Pure. */
import { LIMITS } from './limits.ts';
import type { UpdateMessage } from './messages.ts';
import { AGENT_REPORTS_SINCE, type TaskRecord } from './task-record.ts';

export const FENCED =
  'the attempt token is not the one of the running attempt: an older attempt may not report any more';

type Reported = Pick<UpdateMessage, 'attemptToken'>;

/** undefined where nobody is named, or who may report. An update without a token is its sender's own word. */
export function problemWithReporter(record: TaskRecord, { attemptToken }: Reported): string | undefined {
  if (attemptToken === undefined) return undefined;
  if (!isByAgent(record)) return attemptToken === record.claims?.token ? undefined : FENCED;
  if (attemptToken !== record.run?.token) return FENCED;
  if ((record.run.reports ?? 0) < LIMITS.reportsPerAttemptMax) return undefined;
  return `an attempt reports at most ${LIMITS.reportsPerAttemptMax} times, because each stays in the history of its task: print what is more, it is kept in the log`;
}

/** Counts it against those that the attempt may send. */
export function countReport(record: TaskRecord, { attemptToken }: Reported): void {
  const { run } = record;
  if (attemptToken !== undefined && isByAgent(record) && run !== undefined)
    run.reports = (run.reports ?? 0) + 1;
}

const isByAgent = ({ kind, edition }: TaskRecord): boolean =>
  kind === 'agent_run' && (edition ?? 0) >= AGENT_REPORTS_SINCE;
