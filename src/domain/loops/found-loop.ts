/** A loop where it was found. The nearer source wins: the repository, then the home, then what Pawl brings. */
import { z } from 'zod';
import { digestOf } from '../digest.ts';
import { PawlError } from '../failures.ts';
import { clip } from '../limits.ts';
import type { LoopDefinition } from './definition.ts';
import type { PinnedGuide } from './guide.ts';

/** In the order in which they are looked through. */
export const LOOP_SOURCES = ['repository', 'home', 'built-in'] as const;
export type LoopSource = (typeof LOOP_SOURCES)[number];

export const LoopFault = z.object({
  file: z.string(),
  /** From 1. */
  line: z.int(),
  /** Such as `phases[1].skills[0].when`; empty for the whole file. */
  path: z.string(),
  /** What was expected, and what was found. */
  message: z.string(),
});
export type LoopFault = Readonly<z.infer<typeof LoopFault>>;

/** As they stand in the file, whoever found them. */
export const inLineOrder = (faults: readonly LoopFault[]): readonly LoopFault[] =>
  faults.toSorted((one, other) => one.line - other.line);

/** `.pawl/loops/feature.yaml` of a commit, say. */
export const LoopPlace = z.object({ source: z.enum(LOOP_SOURCES), file: z.string() });
export type LoopPlace = Readonly<z.infer<typeof LoopPlace>>;

export interface FoundLoop extends LoopPlace {
  /** Of a file that cannot be read that far, the file's own name: it hides no other loop by failing. */
  readonly id: string;
  /** Of the same id, in sources that come later. */
  readonly shadows: readonly LoopPlace[];
  readonly read:
    | {
        readonly ok: true;
        readonly loop: LoopDefinition;
        readonly guides: readonly PinnedGuide[];
        /** Where the loops are from that are part of it. */
        readonly includes: readonly LoopPlace[];
        /** Pins the definition, what it includes and its guides: an execution goes on with what it began with. */
        readonly digest: string;
      }
    | { readonly ok: false; readonly faults: readonly LoopFault[] };
}

/** @param text digest of the file's bytes @param includes the same of each loop that is part of it, by source and id */
export const loopDigest = (
  text: string,
  guides: readonly PinnedGuide[],
  includes: Readonly<Record<string, string>> = {},
): string =>
  digestOf({
    loop: text,
    guides: Object.fromEntries(guides.map(({ name, files }) => [name, files])),
    ...(Object.keys(includes).length > 0 && { includes }),
  });

/** Each id once, with what it hides; by id. @param found in the order of `LOOP_SOURCES` */
export function nearestOf(found: readonly Omit<FoundLoop, 'shadows'>[]): readonly FoundLoop[] {
  const byId = Map.groupBy(found, ({ id }) => id);
  const nearest = [...byId.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, shadows: others.map(({ source, file }) => ({ source, file })) }],
  );
  return nearest.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** One error for all of them. */
export function refusalOfFaults(faults: readonly LoopFault[]): PawlError {
  const words = faults.slice(0, FAULTS_TOLD_MAX).map(faultText);
  const more = faults.length > FAULTS_TOLD_MAX ? [`and ${faults.length - FAULTS_TOLD_MAX} more`] : [];
  return new PawlError('invalid_input', [...words, ...more].join('; '), { details: faults });
}

const FAULTS_TOLD_MAX = 50;

export const faultText = ({ file, line, path, message }: LoopFault): string =>
  `${file}:${line}${path === '' ? '' : ` ${clip(path, 200)}`}: ${message}`;
