/** What holds an execution up, with the commands by which a person can help it on. Pure. */
import type { ExecutionState, GateView, SkillView } from './execution-state.ts';

export interface WayOn {
  /** What is held up, and why. */
  readonly what: string;
  /** Any of them helps it on; some say when they do, in parentheses. */
  readonly commands: readonly string[];
}

/** None where it is not blocked. */
export function waysOn(state: ExecutionState): readonly WayOn[] {
  if (state.status !== 'blocked') return [];
  const held = state.phases.flatMap((phase) => [
    ...phase.skills.flatMap((skill) => skillWays(state, skill)),
    ...phase.gates.flatMap((gate) => gateWays(state, gate, phase.skills)),
  ]);
  return held.length === 0 ? budgetWays(state) : held;
}

function skillWays({ id }: ExecutionState, skill: SkillView): readonly WayOn[] {
  const { id: name, state, unknown, isRefused } = skill;
  const retry = `retry ${id} ${name}`;
  const skip = `skip ${id} ${name} --reason <why>`;
  if (state === 'failed') return next(`${name}, which failed`, [retry, `reset ${id} ${name}`, skip]);
  if (unknown !== undefined)
    return next(`${name}, of which nobody can say whether it is to be done`, [retry, skip]);
  if (isRefused !== true) return [];
  return next(`${name}, which was reported and does not count`, [
    retry,
    ...waivers(id, `--skill ${name}`, skill),
    skip,
  ]);
}

function gateWays(
  { id, branch, project }: ExecutionState,
  gate: GateView,
  skills: readonly SkillView[],
): readonly WayOn[] {
  const { id: name, status, unknown, enabled, required } = gate;
  if (!enabled || !required) return [];
  const disable = `gates ${id} --gate ${name} --disable --reason <why>`;
  const resets = skills.map(
    (skill) => `reset ${id} ${skill.id} (${skill.id} is done again, and what came after it)`,
  );
  if (unknown !== undefined)
    return next(`gate ${name}, of which nobody can say whether it is there`, [disable]);
  if (status === 'rejected')
    return next(`gate ${name}, which was rejected`, [...resets, `approve ${id} ${name}`, `abort ${id}`]);
  if (status !== 'failed') return [];
  const mended = branch === undefined ? `mended and committed in ${project}` : `mended on ${branch}`;
  return next(`gate ${name}, which does not pass`, [
    `look ${id} --gate ${name} (once it is ${mended})`,
    ...resets,
    ...waivers(id, `--gate ${name}`, gate),
    disable,
  ]);
}

const waivers = (id: string, of: string, { guarantees }: Pick<GateView, 'guarantees'>): readonly string[] =>
  guarantees
    .filter(({ passed, required, resolution }) => required && passed === false && resolution === undefined)
    .map((one) => `resolve ${id} ${one.id} ${of} --as waived_with_reason --reason <why>`);

function budgetWays({ id, spent }: ExecutionState): readonly WayOn[] {
  if (spent === undefined) return [];
  const { attempts, attemptsMax, usd, usdMax, workedMs, wallMsMax } = spent;
  const bounds = [
    more('usd', usd, usdMax),
    more('attempts', attempts, attemptsMax),
    more('minutes', workedMs, wallMsMax, 60_000),
  ].filter((bound) => bound !== undefined);
  return bounds.length === 0
    ? []
    : next('the budget, which is spent', [`budget ${id} ${bounds.join(' ')}`, `abort ${id}`]);
}

/** The option that raises a bound, where that is reached. */
const more = (option: string, value: number, max: number | undefined, unit = 1): string | undefined =>
  max === undefined || value < max ? undefined : `--${option} <more than ${Math.floor(value / unit)}>`;

const next = (what: string, commands: readonly string[]): readonly WayOn[] => [
  { what, commands: commands.map((command) => `pawl execution ${command}`) },
];
