/** Skills that the engine does not do by itself, and the command by which whoever does one says that it is done. Pure. */
import type { ExecutionState, SkillView } from './execution-state.ts';

/** Whether the engine does it, and not who drives the execution. */
export const isByEngine = ({ branch }: Pick<ExecutionState, 'branch'>, { doer }: SkillView): boolean =>
  branch !== undefined && doer !== 'manual';

export function doneCommand(execution: string, { id, items, returns = {} }: SkillView): string {
  const outputs = Object.entries(returns).map(([name, type]) => ` --output ${name}=<${type}>`);
  return `pawl execution done ${execution} ${id}${items === undefined ? '' : ' --item <item>'}${outputs.join('')}`;
}
