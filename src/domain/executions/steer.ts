/** What `update` and `steer` do to an execution, and why they may not. */
import { clip, LIMITS } from '../limits.ts';
import type { ActOf, Rule } from './act-rule.ts';
import type { Act, SteerExecution, UpdateExecution } from './execution-messages.ts';
import { findSkill, gatesOf, phaseAt } from './execution-parts.ts';
import type { Execution, Sent } from './execution-record.ts';
import { isOver } from './execution-state.ts';
import { isPassed } from './gates-pass.ts';
import { advance as goOn } from './settle.ts';
import { problemWithDecider, problemWithStanding } from './standing.ts';
import { look, resolve, setGates } from './steer-gates.ts';
import { pick, reset, retry } from './steer-skills.ts';
import { changedFiles, problemWithTransient } from './transient-files.ts';

export function problemWithUpdate(
  execution: Execution,
  { skill, checkpoint, guarded, transient = [] }: UpdateExecution,
): string | undefined {
  const { record } = execution;
  if (isOver(record.status)) return problemWithStanding(record);
  if (skill !== undefined && findSkill(execution, skill) === undefined) return `there is no skill ${skill}`;
  // What was accepted before there was this rule is accepted for ever.
  const misplaced = guarded === true ? problemWithPlace(execution, checkpoint) : undefined;
  return misplaced ?? problemWithTransient(record.transient ?? [], transient);
}

/** A phase may be called by its title as well, and in capitals: so the tools that others bring know them. */
function problemWithPlace(
  { spec: { loop } }: Execution,
  { phase, skill }: Pick<NonNullable<UpdateExecution['checkpoint']>, 'phase' | 'skill'> = {},
): string | undefined {
  const names = [phase, phase?.toLowerCase()];
  const among = loop.phases.filter(
    ({ id, title }) => phase === undefined || names.includes(id) || title === phase,
  );
  if (among.length === 0)
    return `checkpoint.phase: there is no phase ${phase}: expected one of ${loop.phases.map(({ id }) => id).join(', ')}`;
  const skills = among.flatMap((one) => one.skills.map(({ id }) => id));
  if (skill === undefined || skills.includes(skill)) return undefined;
  const of = phase === undefined ? '' : ` in ${phase}`;
  return `checkpoint.skill: there is no skill ${skill}${of}: expected one of ${skills.join(', ')}`;
}

export function applyUpdate(
  execution: Execution,
  { status, note, skill, checkpoint, transient }: UpdateExecution,
  { now }: Sent,
): void {
  const { record } = execution;
  if (status !== undefined) record.status = status;
  if (note !== undefined)
    record.notes = [...record.notes, clip(note, LIMITS.noteCharsMax)].slice(-LIMITS.notesKeptMax);
  const heard = skill === undefined ? undefined : findSkill(execution, skill)?.skill;
  if (heard?.state === 'in-progress') heard.heardAt = now;
  if (transient !== undefined) record.transient = changedFiles(record.transient ?? [], transient, now);
  if (checkpoint === undefined) return;
  const { phase, skill: at, data } = checkpoint;
  const where = { ...(phase !== undefined && { phase }), ...(at !== undefined && { skill: at }) };
  record.checkpoint = { data, savedAt: now, ...where };
}

const raiseBudget: Rule<'raise_budget'> = {
  decision: 'raising the budget',
  problem({ spec }, { usd, attempts, wallSeconds }) {
    if (spec.base === undefined)
      return 'nothing of the engine works for this execution: there is no budget to raise';
    const { budget = {} } = spec.loop;
    const raised = { usd, attempts, wall: wallSeconds };
    const without = Object.entries(raised).filter(
      ([name, value]) => value !== undefined && budget[name as keyof typeof budget] === undefined,
    );
    if (without.length > 0) return `the loop has no bound of ${without.map(([name]) => name).join(', ')}`;
    return Object.values(raised).every((value) => value === undefined)
      ? 'expected usd, attempts or wallSeconds: how much there is in all'
      : undefined;
  },
  apply({ record }, { usd, attempts, wallSeconds }) {
    record.raised = {
      ...record.raised,
      ...(usd !== undefined && { usd }),
      ...(attempts !== undefined && { attempts }),
      ...(wallSeconds !== undefined && { wallMs: wallSeconds * 1_000 }),
    };
  },
};

const advance: Rule<'advance'> = {
  problem(execution) {
    const parts = phaseAt(execution);
    const { phase } = parts;
    if (phase.status !== 'completed')
      return hasJustBegun(execution)
        ? undefined
        : `phase ${phase.id} is not completed: it is ${phase.status}`;
    const left = gatesOf(parts).find((one) => !isPassed(one))?.gate;
    if (left === undefined) return undefined;
    const why = left.why === undefined ? '' : ` (${left.why})`;
    return `gate ${left.id} must be approved before advancing: it is ${left.status}${why}`;
  },
  apply(execution, _, { now }) {
    if (phaseAt(execution).phase.status === 'completed') goOn(execution, now);
  },
};

/** The execution has gone on already, by itself or by the same call made before. */
function hasJustBegun(execution: Execution): boolean {
  const { phase, place } = phaseAt(execution);
  return place > 0 && phase.skills.every(({ state }) => state === 'pending' || state === 'in-progress');
}

const abort: Rule<'abort'> = {
  problem: () => undefined,
  apply({ record }, { reason }, { by, now }) {
    record.status = 'aborted';
    record.why = reason === undefined ? `by ${by}` : `by ${by}: ${reason}`;
    record.endedAt = now;
  },
};

const RULES: { readonly [K in Act['act']]: Rule<K> } = {
  advance,
  abort,
  retry,
  reset,
  pick,
  look,
  resolve,
  set_gates: setGates,
  raise_budget: raiseBudget,
};

/** The rule of its act; TypeScript does not see that the two belong together. */
const ruleOf = <K extends Act['act']>(act: ActOf<K>): Rule<K> => RULES[act.act as K] as unknown as Rule<K>;

/** Whether only who may decide does it. */
export const isDecision = (act: Act): boolean => RULES[act.act].decision !== undefined;

export function problemWithSteer(
  execution: Execution,
  { steer, ...said }: SteerExecution,
): string | undefined {
  const { record } = execution;
  if (steer.act === 'abort' && record.status === 'aborted') return undefined;
  // What is paused can be aborted all the same.
  const isHeard = steer.act === 'abort' && !isOver(record.status);
  const { decision, problem } = ruleOf(steer);
  return (
    (isHeard ? undefined : problemWithStanding(record)) ??
    (decision === undefined ? undefined : problemWithDecider(said, decision)) ??
    problem(execution, steer, said)
  );
}

export function applySteer(execution: Execution, { steer, ...said }: SteerExecution, sent: Sent): void {
  if (execution.record.status === 'aborted') return;
  ruleOf(steer).apply(execution, steer, { ...said, ...sent });
}
