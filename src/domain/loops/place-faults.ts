/** What a loop and a repository do not have together: checks and agents that only one of them names, a check that both define. Pure. */
import { AGENT_NAMES } from '../agent-names.ts';
import { commandText } from '../command-line.ts';
import { digestOf } from '../digest.ts';
import { clip } from '../limits.ts';
import type { RepositoryConfig } from '../repository-config.ts';
import type { CheckDefinition } from '../task-spec.ts';
import { agentNamesOf } from './fanned-names.ts';
import type { KnownLoop } from './known-loop.ts';
import type { Fault } from './loop-parts.ts';
import type { CheckNames } from './loop-words.ts';

/** @param configuration of the base commit, whose checks and agents a loop can name */
export function placeFaults(
  { checks: own, phases, hasOtherChecks }: KnownLoop,
  { checks, agents }: Pick<RepositoryConfig, 'checks' | 'agents'>,
): readonly Fault[] {
  const ownNames = own.flatMap(({ id }) => id ?? []);
  const checkNames = [...ownNames, ...checks.map(({ name }) => name)];
  const agentNames = ['auto', ...AGENT_NAMES, ...Object.keys(agents)];
  const wrongChecks = (names: CheckNames | undefined, path: readonly PropertyKey[]): readonly Fault[] =>
    names === undefined || names === 'all' || hasOtherChecks
      ? []
      : unknownOf(names, checkNames).map((name) => ({
          path,
          message: `there is no check ${name}: expected ${someOf(checkNames)} of the loop or of pawl.yaml`,
        }));
  const inPhases = phases.flatMap(({ skills, gates }, place) => [
    ...skills.flatMap((skill, index) => {
      if (skill === undefined) return [];
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
      gate?.kind === 'check' ? wrongChecks(gate.checks, ['phases', place, 'gates', index, 'checks']) : [],
    ),
  ]);
  return [...takenNames(own, checks), ...inPhases];
}

/** Whoever names the check, an included loop too, would not get the one that the repository means by it. */
const takenNames = (own: KnownLoop['checks'], theirs: readonly CheckDefinition[]): readonly Fault[] =>
  own.flatMap(({ read: one }, index) => {
    const other = theirs.find(({ name }) => name === one?.name);
    if (one === undefined || other === undefined || digestOf(other) === digestOf(one)) return [];
    const message = `expected another name: pawl.yaml has a check ${one.name} already (${checkText(other)}), which this one (${checkText(one)}) would take the place of`;
    return [{ path: ['checks', index, 'name'], message }];
  });

const checkText = ({ run, timeoutSeconds }: CheckDefinition): string =>
  `${clip(commandText(run), 200)}${timeoutSeconds === undefined ? '' : `, ${timeoutSeconds} s`}`;

const unknownOf = (names: readonly string[], known: readonly string[]): readonly string[] =>
  names.filter((name) => !known.includes(name));

const someOf = (names: readonly string[]): string =>
  names.length === 0 ? 'one, and there is none' : `one of ${names.slice(0, 20).join(', ')}`;
