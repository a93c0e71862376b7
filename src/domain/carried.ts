/** An approval where the base has moved since: what it is not about any more, and when it is carried over. Pure. */
import type { Failure } from './failures.ts';
import { approvalGate, checkFailure, identified } from './gates.ts';
import type { Prepared, Published } from './steps.ts';
import type { Evidence, Gate, PullRequest, Step } from './task-state.ts';

/** Gates that let a change through. What was turned down, and by whom, stays as it was said. */
const LETS_THROUGH: ReadonlySet<Gate['status']> = new Set<Gate['status']>([
  'open',
  'passed',
  'unverified',
  'approved',
]);

/**
 * The gates of a run where what was checked and approved is not what would be merged now.
 * @param reason for people; absent where the base has moved
 */
export const outdated = (gates: readonly Gate[], reason?: string): readonly Gate[] =>
  gates.map((gate) =>
    gate.gate === 'escalation' || !LETS_THROUGH.has(gate.status)
      ? gate
      : { ...gate, status: 'stale', ...(reason === undefined ? {} : { reason }) },
  );

/** What of a run says whether its approval may be carried over. */
interface Carrying {
  readonly step: Step;
  readonly gates: readonly Gate[];
  readonly prepared?: Prepared;
  readonly published?: Published;
  readonly commit?: string;
  readonly moved?: string;
}

export const mayCarry = ({ prepared, published }: Pick<Carrying, 'prepared' | 'published'>): boolean =>
  prepared?.approvals !== 'strict' && published?.change !== undefined && (prepared?.checks.length ?? 0) > 0;

/**
 * The gates of a run as people see them: where its change is checked again because only the base has moved, its approval
 * says that nobody is needed.
 */
export function gatesMeanwhile(run: Carrying): readonly Gate[] {
  const { gates, moved, commit, step, published } = run;
  const isBetween = moved !== undefined && moved === commit && (step === 'check' || step === 'pull_request');
  if (!isBetween || !mayCarry(run)) return gates;
  const reason = 'the base branch has moved: the change is checked again, and carried over if it passes';
  return gates.map((gate) =>
    gate.gate === 'approval' && gate.status === 'stale' && gate.commit === published?.pullRequest.commit
      ? { ...gate, reason }
      : gate,
  );
}

/** One state of a change: as it was approved, or as it is offered now. */
interface Shown {
  readonly published: Published;
  readonly evidence: readonly Evidence[];
}

/**
 * The approval of a change that only its base has moved under, as it holds for what is offered now; undefined where a person
 * has to look again. It needs the same change, the same checks that passed then and pass now, and nothing more to look at.
 * @param gates of the run, the approval among them stale by now
 * @param before as it was offered for that approval
 */
export function carriedApproval(
  gates: readonly Gate[],
  before: Published,
  { published, evidence }: Shown,
): Gate | undefined {
  const { commit } = before.pullRequest;
  const ofChange = identified(gates).filter((gate) => gate.commit === commit);
  const approval = ofChange.findLast(({ gate }) => gate === 'approval');
  const checked = ofChange.findLast(({ gate }) => gate === 'check');
  if (approval?.status !== 'stale' || approval.by === undefined) return undefined;
  if (before.change === undefined || before.change !== published.change) return undefined;
  if (!passAlike(checked?.evidence ?? [], evidence)) return undefined;
  if (!showsNoMore(before.pullRequest, published.pullRequest)) return undefined;
  const { id = '', by, via, inside, reason, openedAt, decidedAt, carriedFrom = id } = approval;
  return {
    ...approvalGate(published.pullRequest.commit, published, evidence),
    status: 'approved',
    by,
    ...(via === undefined ? {} : { via }),
    ...(inside === undefined ? {} : { inside }),
    ...(reason === undefined ? {} : { reason }),
    ...(openedAt === undefined ? {} : { openedAt }),
    ...(decidedAt === undefined ? {} : { decidedAt }),
    carriedFrom,
  };
}

/** What of a run says on what its change stands. */
interface Standing {
  readonly base: string;
  readonly baseCommit?: string;
  readonly commit?: string;
  readonly moved?: string;
}

/** As `checkFailure`. Where only the base has moved under an approved change, that is what has made it fail. */
export function checkFailureOn(
  { base, baseCommit, commit, moved }: Standing,
  evidence: readonly Evidence[],
  problem?: string,
): Failure {
  const failure = checkFailure(evidence, problem);
  if (moved === undefined || moved !== commit || baseCommit === undefined) return failure;
  const words = `${base} has moved to ${baseCommit.slice(0, 7)} since this change was approved; on the base before it passed`;
  return { ...failure, message: `${failure.message} (${words})` };
}

/** Of a change that no check was run on, only a person knows whether it still does what it should. */
const passAlike = (then: readonly Evidence[], now: readonly Evidence[]): boolean =>
  now.length > 0 &&
  now.length === then.length &&
  now.every((one, at) => one.passed && then[at]?.passed === true && isOfSameCheck(one, then[at]));

const isOfSameCheck = (one: Evidence, other: Evidence): boolean =>
  one.name === other.name && (one.restored === undefined) === (other.restored === undefined);

const showsNoMore = (then: PullRequest, now: PullRequest): boolean =>
  now.flagged.every((path) => then.flagged.includes(path)) &&
  (now.remarks ?? []).every(({ path, why }) =>
    then.remarks?.some((one) => one.path === path && unnumbered(one.why) === unnumbered(why)),
  ) &&
  now.baseRewritten === then.baseRewritten;

/**
 * Remarks name lines and sizes, which the base moves in files of the change as well. Of the same change the numbers say
 * nothing new.
 */
const unnumbered = (why: string): string => why.replaceAll(/\d+/g, '');
