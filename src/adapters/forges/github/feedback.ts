/**
 * Pure: what of all that stands at a pull request an agent has to hear, and has not heard. Only words of those who may
 * write to the repository count: to anybody else a comment would be a way to command the agent.
 */
import { clip, clipAll, LIMITS, tail } from '../../../domain/limits.ts';
import type { FeedbackItem, PullRequestSeen } from '../../../domain/pull-request-news.ts';
import type { CheckRun, Review, ReviewComment, Said, Status } from './shapes.ts';

export interface Standing {
  readonly commit: string;
  readonly comments: readonly Said[];
  readonly reviews: readonly Review[];
  readonly reviewComments: readonly ReviewComment[];
  readonly checkRuns: readonly CheckRun[];
  readonly statuses: readonly Status[];
}
export interface Feedback {
  readonly seen: PullRequestSeen;
  readonly items: readonly FeedbackItem[];
}

/** Told reviews whose ids are remembered: a task has fewer rounds than that. */
const REMEMBERED_MAX = 100;
const TRUSTED = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);
const FAILED = new Set(['failure', 'timed_out', 'startup_failure', 'error']);
const OUTPUT_CHARS_MAX = LIMITS.outputTailCharsMax;

type Heard = (seen: PullRequestSeen) => PullRequestSeen;
interface Candidate {
  readonly items: readonly FeedbackItem[];
  readonly heard: Heard;
}

/** As much as one round of work takes; what is left is new the next time. undefined when there is nothing. */
export function feedbackIn(standing: Standing, seen: PullRequestSeen): Feedback | undefined {
  const candidates = [
    ...failedChecks(standing, seen),
    ...reviews(standing, seen),
    ...reviewComments(standing, seen),
    ...comments(standing, seen),
  ];
  const items: FeedbackItem[] = [];
  let now = seen;
  let chars = 0;
  for (const candidate of candidates) {
    chars += candidate.items.reduce((sum, { text }) => sum + text.length, 0);
    if (items.length > 0 && (items.length >= LIMITS.filesNamedMax || chars > LIMITS.feedbackCharsMax)) break;
    items.push(...candidate.items);
    now = candidate.heard(now);
  }
  return items.length === 0 ? undefined : { seen: now, items };
}

const isTrusted = ({ user, author_association }: Said): boolean =>
  user != null && user.type !== 'Bot' && TRUSTED.has(author_association);

function comments({ comments: all }: Standing, { comment = 0 }: PullRequestSeen): readonly Candidate[] {
  return all
    .filter((one) => one.id > comment && isTrusted(one) && hasText(one))
    .sort(byId)
    .map((one) => ({ items: [itemOf(one)], heard: (seen) => ({ ...seen, comment: one.id }) }));
}

/** An approval asks for nothing, whatever it says. */
function reviews({ reviews: all }: Standing, { reviews: told = [] }: PullRequestSeen): readonly Candidate[] {
  return all
    .filter((one) => isNew(one, told) && isTrusted(one))
    .filter(
      ({ state, body }) => state === 'CHANGES_REQUESTED' || (state === 'COMMENTED' && hasText({ body })),
    )
    .map((one) => ({
      items: [itemOf(hasText(one) ? one : { ...one, body: 'Changes requested.' })],
      heard: (seen) => ({ ...seen, reviews: remembered(seen.reviews, one.id) }),
    }));
}

function reviewComments(
  { reviewComments: all }: Standing,
  { reviewComments: told = [] }: PullRequestSeen,
): readonly Candidate[] {
  return all
    .filter((one) => isNew(one, told) && isTrusted(one) && hasText(one))
    .sort(byId)
    .map((one) => {
      const line = one.line ?? one.original_line ?? undefined;
      return {
        items: [{ ...itemOf(one), path: one.path, ...(line === undefined ? {} : { line }) }],
        heard: (seen) => ({ ...seen, reviewComments: remembered(seen.reviewComments, one.id) }),
      };
    });
}

interface FailedCheck {
  readonly id: string;
  readonly item: FeedbackItem;
}

/**
 * Those of the commit that have failed since the last look are told together, and not while a check runs that may be the
 * next. One that is queued may never run: it is told when it has failed.
 */
function failedChecks(standing: Standing, seen: PullRequestSeen): readonly Candidate[] {
  const { commit, checkRuns, statuses } = standing;
  if (checkRuns.some(({ status }) => status === 'in_progress')) return [];
  const told = seen.failedChecks?.commit === commit ? seen.failedChecks.told : [];
  const failed = [
    ...checkRuns.filter(({ conclusion }) => FAILED.has(conclusion ?? '')).map(failedCheckRun),
    ...statuses.filter(({ state }) => FAILED.has(state)).map(failedStatus),
  ]
    .filter(({ id }) => !told.includes(id))
    .slice(0, LIMITS.failedChecksToldMax - told.length);
  if (failed.length === 0) return [];
  const texts = clipAll(
    failed.map(({ item }) => item.text),
    LIMITS.feedbackCharsMax,
  );
  const now = { commit, told: [...told, ...failed.map(({ id }) => id)] };
  const items = failed.map(({ item }, at) => ({ ...item, text: texts[at] ?? item.text }));
  return [{ items, heard: (before) => ({ ...before, failedChecks: now }) }];
}

function failedCheckRun({ id, name, conclusion, details_url, html_url, output }: CheckRun): FailedCheck {
  const { title, summary, text } = output;
  const parts = [title, summary, text === null ? null : tail(text, OUTPUT_CHARS_MAX)].filter(Boolean);
  const item: FeedbackItem = {
    kind: 'check',
    text: clip([`${name}: ${conclusion}`, ...parts].join('\n'), LIMITS.noteCharsMax),
    url: html_url ?? details_url ?? '',
  };
  return { id: `run ${id}`, item };
}

function failedStatus({ id, context, state, description, target_url }: Status): FailedCheck {
  const item: FeedbackItem = {
    kind: 'check',
    text: clip([`${context}: ${state}`, description].filter(Boolean).join('\n'), LIMITS.noteCharsMax),
    url: target_url ?? '',
  };
  return { id: `status ${id}`, item };
}

const itemOf = ({ body, user, html_url }: Said): FeedbackItem => ({
  kind: 'comment',
  text: clip((body ?? '').trim(), LIMITS.noteCharsMax),
  ...(user == null ? {} : { author: user.login }),
  url: html_url,
});

const hasText = ({ body }: Pick<Said, 'body'>): boolean => (body ?? '').trim() !== '';
const byId = (one: Said, other: Said): number => one.id - other.id;

/** What is older than all that is remembered was told, too long ago to be remembered. */
const isNew = ({ id }: Said, told: readonly number[]): boolean =>
  !told.includes(id) && (told.length < REMEMBERED_MAX || id > Math.min(...told));

const remembered = (told: readonly number[] = [], id: number): readonly number[] =>
  [...told, id].sort((one, other) => one - other).slice(-REMEMBERED_MAX);
