/** All that is reported of skills goes along with each run of an execution, and in each answer about it, so it is bounded. Pure. */
import { LIMITS } from '../limits.ts';
import type { Value } from '../loops/value-types.ts';
import type { ExecutionRecord } from './execution-record.ts';

/** What is about to be reported, of a skill or an item of it. */
export interface Reporting {
  readonly skill: string;
  readonly item?: string | undefined;
  readonly outputs?: Readonly<Record<string, Value>> | undefined;
}

/** Why it cannot be kept beside what was reported of all others; undefined where it can. */
export function problemWithRoom(
  { phases }: ExecutionRecord,
  { skill, item, outputs }: Reporting,
): string | undefined {
  if (outputs === undefined) return undefined;
  const others = phases.flatMap(({ skills }) =>
    skills.flatMap((one) => [
      ...(one.id === skill && item === undefined ? [] : [one.report?.outputs]),
      ...(one.items ?? [])
        .filter((other) => one.id !== skill || other.item !== item)
        .map(({ report }) => report?.outputs),
    ]),
  );
  const { length } = JSON.stringify([...others.filter((one) => one !== undefined), outputs]);
  if (length <= LIMITS.outputsOfAllCharsMax) return undefined;
  return `outputs: an execution keeps at most ${LIMITS.outputsOfAllCharsMax} characters of JSON of all its skills, with these it would have ${length}: write long texts to files, and return their paths`;
}
