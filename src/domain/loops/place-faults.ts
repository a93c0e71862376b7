/** What a loop names and the repository does not have: checks and agents. Pure. */
import { AGENT_NAMES } from '../agent-names.ts';
import type { RepositoryConfig } from '../repository-config.ts';
import type { LoopDefinition } from './definition.ts';
import { agentNamesOf } from './fanned-names.ts';
import type { Fault } from './loop-parts.ts';
import type { CheckNames } from './loop-words.ts';

/** @param configuration of the base commit, whose checks and agents a loop can name */
export function placeFaults(
  { checks: own, phases }: LoopDefinition,
  { checks, agents }: Pick<RepositoryConfig, 'checks' | 'agents'>,
): readonly Fault[] {
  const checkNames = [...own, ...checks].map(({ name }) => name);
  const agentNames = ['auto', ...AGENT_NAMES, ...Object.keys(agents)];
  const wrongChecks = (names: CheckNames | undefined, path: readonly PropertyKey[]): readonly Fault[] =>
    names === undefined || names === 'all'
      ? []
      : unknownOf(names, checkNames).map((name) => ({
          path,
          message: `there is no check ${name}: expected ${someOf(checkNames)} of the loop or of pawl.yaml`,
        }));
  return phases.flatMap(({ skills, gates }, place) => [
    ...skills.flatMap((skill, index) => {
      const path = ['phases', place, 'skills', index];
      return [
        ...unknownOf(agentNamesOf(skill), agentNames).map((name) => ({
          path: [...path, 'agent'],
          message: `there is no agent ${name}: expected ${someOf(agentNames)}, or a name under agents in pawl.yaml`,
        })),
        ...wrongChecks(skill.repeat?.until.checks, [...path, 'repeat', 'until', 'checks']),
      ];
    }),
    ...gates.flatMap((gate, index) =>
      gate.kind === 'check' ? wrongChecks(gate.checks, ['phases', place, 'gates', index, 'checks']) : [],
    ),
  ]);
}

const unknownOf = (names: readonly string[], known: readonly string[]): readonly string[] =>
  names.filter((name) => !known.includes(name));

const someOf = (names: readonly string[]): string =>
  names.length === 0 ? 'one, and there is none' : `one of ${names.slice(0, 20).join(', ')}`;
