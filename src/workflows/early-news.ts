/**
 * What a workflow is told counts once the workflow task that it belongs to has started and brings it. A worker that is asked
 * something about a workflow (a query) reads its history up to now for that, and the SDK's core hands on what it finds there: also
 * events of a workflow task that is scheduled or that another worker was killed at. Updates come with that task, so they would come
 * after those events in an activation of their own; on replay both come in one, with other commands: TMPRL1100, for ever.
 *
 * So such a question fails, which leaves nothing in the history and evicts the workflow from the cache. It can be asked again.
 */
import { type ActivateInput, type WorkflowInternalsInterceptor, workflowInfo } from '@temporalio/workflow';
import { EARLY_QUESTION } from '../domain/early-question.ts';

/** Core's name of a question that came by itself, with no workflow task. */
const BY_ITSELF = 'legacy_query';

/** What an activation says of itself. */
export interface Seen {
  /** The id of the question that it asks, where it asks one. */
  readonly question?: string | null | undefined;
  readonly isReplaying: boolean;
  /** The events that there are. */
  readonly events: number;
  /** How large the history was, and when (ms), as the latest workflow task of these started. */
  readonly bytes: number;
  readonly startedAt: number;
  /** By the clock of the worker, in ms. */
  readonly at: number;
}

/** After this the server gives a question up: what has been done before was not read for it. */
const QUESTION_MS_MAX = 10_000;

/**
 * How the workflow came into the cache: by its own beginning or for a workflow task (`known`), or nobody knows yet: it has only
 * been replayed (`replayed`), or has done what may have been read for a question (`perhaps early`).
 */
type Standing = 'replayed' | 'perhaps early' | 'known';

/** Looks at one activation of a workflow after the other, from its first. Answers whether this one must not be. */
export function createEarlyWatch(): (now: Seen) => boolean {
  let before: Seen | undefined;
  let standing: Standing = 'replayed';
  return (now) => {
    if (now.question != null) {
      const isRecent = before !== undefined && now.at - before.at < QUESTION_MS_MAX;
      if (now.question === BY_ITSELF && standing === 'perhaps early' && isRecent) return true;
      standing = 'known';
      return false;
    }
    // More events, and no workflow task that has started since: that would be later, in a longer history.
    const isLonger = before !== undefined && now.events > before.events;
    if (!now.isReplaying && isLonger && isSameTask(before, now)) return true;
    if (!now.isReplaying) standing = standingAfter(standing, before, now);
    before = now;
    return false;
  };
}

/** A question about a workflow that has not begun is refused by the server. */
function standingAfter(standing: Standing, before: Seen | undefined, now: Seen): Standing {
  if (before === undefined) return 'known';
  if (standing === 'replayed') return 'perhaps early';
  return standing === 'perhaps early' && isSameTask(before, now) ? standing : 'known';
}

const isSameTask = (before: Seen | undefined, now: Seen): boolean =>
  now.bytes === before?.bytes && now.startedAt === before.startedAt;

export function refuseEarlyNews(): WorkflowInternalsInterceptor {
  const isEarly = createEarlyWatch();
  return {
    activate(input, next) {
      if (isEarly(seenIn(input))) throw new Error(EARLY_QUESTION);
      next(input);
    },
  };
}

function seenIn({ activation: { jobs } }: ActivateInput): Seen {
  const { historyLength, historySize, unsafe } = workflowInfo();
  const asks = jobs?.find(({ queryWorkflow }) => queryWorkflow != null);
  return {
    question: asks?.queryWorkflow?.queryId,
    isReplaying: unsafe.isReplaying,
    events: historyLength,
    bytes: historySize,
    startedAt: Date.now(),
    at: unsafe.now(),
  };
}
