/**
 * Waiting for a person: the approval of a change, what an agent asks for, and escalations where the recovery ladder ran
 * out of rungs. A change that waits is also moved by what is said about it on its forge, and by an instruction.
 */
import { condition } from '@temporalio/workflow';
import type { Failure, Permission } from '../domain/failures.ts';
import { feedbackWith, nextFix } from '../domain/ladder.ts';
import { addNote, move } from '../domain/lifecycle.ts';
import { LIMITS } from '../domain/limits.ts';
import type { FeedbackItem, PullRequestNews } from '../domain/pull-request-news.ts';
import { failedChecksIn, feedbackOf, mayReview } from '../domain/review.ts';
import { ASKED_UNWATCHED_SINCE, openGateOf } from '../domain/task-record.ts';
import type { Gate } from '../domain/task-state.ts';
import type { Steps } from './activity-options.ts';
import { endMended, leaveToPeople } from './for-execution.ts';
import { type News, whileHearing } from './hearing.ts';
import { TaskFailed } from './step-failure.ts';
import { lookForWork } from './take-up.ts';
import { climb, isTold, now, type Turn } from './turn.ts';

export async function awaitDecision(turn: Turn, steps: Steps): Promise<void> {
  // Where nothing is heard from the forge, people can still decide here.
  const note = (why: string) => addNote(turn.record, why);
  const woken = await whileHearing(turn, steps, 'news', (news) => wake(turn, { news }), note);
  if (woken.kind === 'decided') return decideChange(turn, woken.gate);
  if (woken.kind === 'told') {
    lookForWork(turn);
    return listen(turn);
  }
  if (woken.kind === 'news') return hear(turn, woken.news);
}

function decideChange(turn: Turn, gate: Gate): void {
  const { record, run, spec } = turn;
  if (gate.status === 'approved') {
    run.step = 'merge';
    return;
  }
  const failure: Failure = {
    class: 'rejected',
    message: `rejected by ${gate.by}: ${gate.reason ?? 'no reason given'}`,
  };
  if (leaveToPeople(turn, failure)) return;
  if (spec.policy.onReject === 'fail') throw new TaskFailed(failure);
  climb({ record, run }, nextFix('fix', failure, run.attempts, spec.policy, failure.message));
  lookForWork(turn);
}

/** What the forge tells of a change that waits for its approval. */
function hear(turn: Turn, news: PullRequestNews): void {
  const { run, spec } = turn;
  switch (news.kind) {
    case 'feedback':
      run.heard = news.seen;
      if (mayReview(run.attempts, spec.policy)) review(turn, news.items);
      else noteUnheard(turn, news.items);
      return;
    case 'merged':
      file(turn, { status: 'approved', by: news.by, via: 'forge' });
      // The merge finds that it is done, and cleans up.
      run.step = 'merge';
      return;
    case 'closed':
      file(turn, { status: 'rejected', by: news.by, via: 'forge' });
      throw new TaskFailed({ class: 'rejected', message: `the pull request was closed by ${news.by}` });
    case 'mergeable':
      return;
    default:
      news satisfies never;
  }
}

/** The rounds are used up: a person reads it here and decides. */
function noteUnheard({ record }: Turn, items: readonly FeedbackItem[]): void {
  const words = 'not worked on, after so many rounds: ';
  addNote(record, `${words}${feedbackOf(items, LIMITS.noteCharsMax - words.length)}`);
}

function review(turn: Turn, items: readonly FeedbackItem[]): void {
  file(turn, { status: 'stale', reason: 'the agent works on what was said about it' });
  lookForWork(turn);
  workOn(turn, items);
}

function workOn(turn: Turn, items: readonly FeedbackItem[]): void {
  const failed = failedChecksIn(items);
  if (failed !== undefined) addNote(turn.record, failed);
  climb(turn, { kind: 'attempt', next: { reason: 'review', feedback: feedbackOf(items) } });
}

/** The instruction itself is taken up by the attempt. */
export function listen(turn: Turn): void {
  if (openGateOf(turn.record) !== undefined)
    file(turn, { status: 'stale', reason: `${turn.run.told?.[0]?.by} told the agent more` });
  climb(turn, { kind: 'attempt', next: { ...turn.run.next, reason: 'told' } });
}

/** After the approval the forge wants more before it merges. Returns when that may have changed, or a person has to look. */
export async function awaitMergeable(turn: Turn, steps: Steps, why: string): Promise<void> {
  const { record, run, show, historyFull } = turn;
  const mayAsk = (record.edition ?? 0) >= ASKED_UNWATCHED_SINCE;
  let lost: string | undefined;
  const lose = (words: string) => {
    if (mayAsk) lost = words;
    else addNote(record, words);
  };
  delete run.unwatched;
  move(record, { status: 'blocked', waitingFor: `the forge: ${why}` });
  show();
  const wait = async (heard: News) => {
    await condition(() => heard() !== undefined || lost !== undefined || isTold(run) || historyFull());
    return { news: heard(), unwatched: lost };
  };
  const { news, unwatched } = await whileHearing(turn, steps, 'mergeable', wait, lose);
  move(record, { status: 'in_progress' });
  if (isTold(run)) return listen(turn);
  if (unwatched !== undefined) {
    run.unwatched = why;
    return climb(turn, {
      kind: 'escalate',
      question: `approved, and waits for the forge (${why}), but ${unwatched}`,
    });
  }
  if (news?.kind === 'closed')
    throw new TaskFailed({ class: 'rejected', message: `the pull request was closed by ${news.by}` });
  if (news?.kind !== 'feedback') return;
  run.heard = news.seen;
  run.gates = run.gates.map((one) => (isApproval(one) ? { ...one, status: 'stale' } : one));
  workOn(turn, news.items);
}

const isApproval = ({ gate, status }: Gate): boolean => gate === 'approval' && status === 'approved';

export async function awaitEscalation(turn: Turn): Promise<void> {
  const answer = () => turn.run.told?.find(({ mayDecide = true }) => mayDecide);
  const woken = await wake(turn, { told: () => answer() !== undefined });
  if (woken.kind === 'told') {
    const { by = '', inside } = answer() ?? {};
    const signed = { by, via: 'tell', ...(inside !== undefined && { inside }) };
    return goOn(turn, file(turn, { status: 'approved', ...signed }));
  }
  if (woken.kind !== 'decided') return;
  const { gate } = woken;
  if (gate.status === 'rejected')
    throw new TaskFailed({ class: 'rejected', message: `stopped by ${gate.by}: ${gate.question}` });
  const { run } = turn;
  if (run.unmended !== undefined) endMended(run, run.unmended, gate.by ?? 'somebody');
  // Where the change waits for something else than the agent, that is looked at again.
  const isElse = run.undone ?? run.untaken ?? run.unwatched;
  delete run.undone;
  if (isElse === undefined) goOn(turn, gate);
}

/** Another attempt of the agent. */
function goOn({ run }: Turn, { reason }: Gate): void {
  delete run.unwatched;
  delete run.undone;
  run.next = {
    ...run.next,
    reason: 'retry',
    ...(reason === undefined ? {} : { feedback: feedbackWith(run.next.feedback, reason) }),
  };
  run.step = 'attempt';
}

/** A person grants or refuses what the agent asked for; the same session goes on with the answer. */
export async function awaitPermission(turn: Turn, { id, title }: Permission): Promise<void> {
  const woken = await wake(turn);
  if (woken.kind === 'told') return listen(turn);
  if (woken.kind !== 'decided') return;
  const { run } = turn;
  const { status, by, reason } = woken.gate;
  const granted = status === 'approved';
  if (granted) run.granted = [...(run.granted ?? []), id];
  else run.refused = [...(run.refused ?? []), id];
  const answer = granted
    ? `You may do now what you asked for: ${title}`
    : `${by} refuses what you asked for (${title})${reason === undefined ? '' : `: ${reason}`}. Find another way.`;
  const feedback = feedbackWith(run.next.feedback, answer);
  climb(turn, { kind: 'attempt', next: { ...run.next, reason: 'permission', feedback } });
}

type Woken =
  | { readonly kind: 'decided'; readonly gate: Gate }
  | { readonly kind: 'told' }
  | { readonly kind: 'news'; readonly news: PullRequestNews }
  /** The task was closed, or its history is full: nothing is decided. */
  | { readonly kind: 'nothing' };

interface Waking {
  readonly news?: News;
  /** Whether an instruction moves the task here. Default: any. */
  readonly told?: () => boolean;
}

/** Waits at the open gate. A decision counts before an instruction, that before what the forge tells. */
async function wake(
  turn: Turn,
  { news = () => undefined, told = () => isTold(turn.run) }: Waking = {},
): Promise<Woken> {
  const { record, historyFull } = turn;
  const decided = () => openGateOf(record)?.status !== 'open';
  await condition(() => decided() || told() || news() !== undefined || historyFull());
  const gate = openGateOf(record);
  if (gate === undefined) return { kind: 'nothing' };
  if (gate.status !== 'open') return { kind: 'decided', gate: file(turn, {}) };
  if (told()) return { kind: 'told' };
  const heard = news();
  return heard === undefined ? { kind: 'nothing' } : { kind: 'news', news: heard };
}

/** The gate, as it was decided, goes among the run's gates; the task goes on. */
function file({ record, run }: Turn, decision: Partial<Gate>): Gate {
  const gate = openGateOf(record);
  if (gate === undefined) throw new TypeError('no gate to file');
  const filed = { decidedAt: now(), ...gate, ...decision };
  run.gates = [...run.gates, filed];
  move(record, { status: 'in_progress' });
  return filed;
}
