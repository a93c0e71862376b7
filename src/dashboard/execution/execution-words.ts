/** An execution in words and marks, for its page. Pure. */

import { doneCommand, isByEngine } from '../../domain/executions/driven.ts';
import type { ExecutionState, GateView, SkillView } from '../../domain/executions/execution-state.ts';
import { durationText } from '../shown/duration-text.ts';

type Driven = Pick<ExecutionState, 'branch'> & Partial<Pick<ExecutionState, 'status'>>;
type Look = '' | 'good' | 'bad' | 'ask' | 'busy';
export interface Standing {
  readonly word: string;
  readonly look: Look;
}

const STANDINGS: Readonly<Record<string, Standing>> = {
  pending: { word: 'to come', look: '' },
  'in-progress': { word: 'under way', look: 'busy' },
  looking: { word: 'the engine looks', look: 'busy' },
  open: { word: 'waits for a decision', look: 'ask' },
  completed: { word: 'completed', look: 'good' },
  approved: { word: 'approved', look: 'good' },
  skipped: { word: 'skipped', look: '' },
  none: { word: 'not needed', look: '' },
  failed: { word: 'failed', look: 'bad' },
  rejected: { word: 'rejected', look: 'bad' },
};
const UNDER_WAY: readonly string[] = ['in-progress', 'looking', 'open'];

/** Of a phase, a skill or a gate. @param isOver the execution is over, and what was under way or waited was left so */
export function standingOf(status: string, isOver: boolean): Standing {
  const known = STANDINGS[status] ?? { word: status, look: '' as const };
  if (!isOver || !UNDER_WAY.includes(status)) return known;
  return { word: status === 'open' ? 'left undecided' : `left ${known.word}`, look: '' };
}

export function skillStanding(skill: SkillView, execution: Driven, isOver: boolean): Standing {
  const { state, isLookedAt, isToPick, isRefused, items = [], taskStatus } = skill;
  if (isOver || state !== 'in-progress') return standingOf(state, isOver);
  if (isToPick === true) return { word: 'one is to be picked', look: 'ask' };
  if (isRefused === true) return { word: 'reported, and does not count', look: 'bad' };
  if (isLookedAt === true) return standingOf('looking', isOver);
  const asks = [taskStatus, ...items.map((item) => item.taskStatus)].includes('awaiting_gate');
  if (asks) return { word: 'a task asks', look: 'ask' };
  if (isByEngine(execution, skill)) {
    // Nothing of it has begun, and nothing does as long as the execution is held up.
    const isHeld = execution.status === 'blocked' && skill.task === undefined && items.length === 0;
    return isHeld ? { word: 'held up', look: 'ask' } : standingOf(state, isOver);
  }
  const who = execution.branch === undefined ? DRIVER : 'whoever does it by hand';
  return { word: `waits for ${who}`, look: 'ask' };
}

/** The command by which whoever does a skill says that it is done; undefined where nobody has to. */
export function doneCommandOf(
  skill: SkillView,
  { id, branch, status }: Driven & Pick<ExecutionState, 'id' | 'status'>,
): string | undefined {
  const isOpen = status === 'active' || status === 'blocked';
  const isDue = skill.state === 'in-progress' && skill.isLookedAt !== true && skill.isToPick !== true;
  return isOpen && isDue && !isByEngine({ branch }, skill) ? doneCommand(id, skill) : undefined;
}

/** Who does it. Without a branch a client drives the execution, and no agent of the engine is at it. */
export const doerText = ({ doer }: SkillView, { branch }: Driven): string =>
  branch === undefined ? DRIVER : DOERS[doer];

const DRIVER = 'whoever drives it';

const DOERS: Readonly<Record<SkillView['doer'], string>> = {
  manual: 'by hand',
  run: 'a command',
  agent: 'an agent',
  deliver: 'the delivery',
};

/** Who decides a gate, and how many have. */
export function deciderText({
  kind,
  approvalType,
  approvalTypeOverride,
  needs = 1,
  approvals,
  enabled,
}: GateView): string {
  if (!enabled) return 'disabled: it does not count';
  const type = approvalTypeOverride ?? approvalType;
  if (kind === 'check' || (type === 'auto' && approvals.length === 0))
    return 'passed by what the engine sees';
  const count = needs > 1 ? `${approvals.length} of ${needs} people have approved` : 'a person decides';
  return type === 'conditional' ? `${count}, where its condition holds` : count;
}

export interface Spending {
  readonly name: string;
  readonly used: string;
  readonly allowed: string | undefined;
  /** 0 to 1, where there is a bound. */
  readonly part: number | undefined;
}

export function spendingOf(spent: NonNullable<ExecutionState['spent']>): readonly Spending[] {
  const row = (name: string, used: number, allowed: number | undefined, text: (one: number) => string) => ({
    name,
    used: text(used),
    allowed: allowed === undefined ? undefined : text(allowed),
    part: allowed === undefined || allowed <= 0 ? undefined : Math.min(1, used / allowed),
  });
  return [
    row('Attempts', spent.attempts, spent.attemptsMax, String),
    row('Cost', spent.usd, spent.usdMax, (usd) => `$${Number(usd.toFixed(4))}`),
    row('Work', spent.workedMs, spent.wallMsMax, durationText),
  ];
}

interface Timed {
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
}

/** How long it took; undefined while it goes on, and where it never began. */
export const tookText = ({ startedAt, endedAt }: Timed): string | undefined =>
  startedAt === undefined || endedAt === undefined
    ? undefined
    : durationText(Date.parse(endedAt) - Date.parse(startedAt));

/** Whether a person can pause it or let it go on; undefined where neither makes sense. */
export function pauseOf({ status }: Pick<ExecutionState, 'status'>): 'pause' | 'resume' | undefined {
  if (status === 'paused') return 'resume';
  return status === 'active' || status === 'blocked' || status === 'pending' ? 'pause' : undefined;
}

/** Whether the next phase begins by a word of a person. */
export function waitsForWord({
  status,
  autonomy,
  currentPhase,
  phases,
}: Pick<ExecutionState, 'status' | 'autonomy' | 'currentPhase' | 'phases'>): boolean {
  const phase = phases.find(({ id }) => id === currentPhase);
  return (
    status === 'active' &&
    autonomy !== 'full' &&
    phase?.status === 'completed' &&
    phase.gates.every((gate) => gate.status !== 'open' && gate.status !== 'looking')
  );
}
