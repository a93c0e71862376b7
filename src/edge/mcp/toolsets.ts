/** Which tools a client is offered: sets of them by name, because a model reads every one at each start. */
import { PawlError } from '../../domain/failures.ts';
import { loopTools } from '../compat/loop/toolset.ts';
import { orchestratorTools } from '../compat/orchestrator/toolset.ts';
import { coreTools } from './core/toolset.ts';
import type { Tool } from './tool.ts';

const TOOLSETS: Readonly<Record<string, readonly Tool[]>> = {
  core: coreTools,
  orchestrator: orchestratorTools,
  loop: loopTools,
};
export const TOOLSET_NAMES: readonly string[] = Object.keys(TOOLSETS);

/** The names in a list with commas, each once. */
export const toolsetsIn = (names: string): string[] => [
  ...new Set(names.split(',').map((name) => name.trim())),
];

export const isToolset = (name: string): boolean => Object.hasOwn(TOOLSETS, name);

/**
 * @param names one or more, with commas between
 * @throws PawlError `invalid_input` for a set that is not there
 */
export function toolsOf(names: string): readonly Tool[] {
  return toolsetsIn(names).flatMap((name) => {
    const tools = isToolset(name) ? TOOLSETS[name] : undefined;
    if (tools !== undefined) return tools;
    throw new PawlError(
      'invalid_input',
      `expected toolsets of ${TOOLSET_NAMES.join(', ')}, got ${name || 'none'}`,
    );
  });
}
