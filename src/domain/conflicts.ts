/** What a merge came to that a person or an agent has to decide. Pure. */
import { clip, LIMITS } from './limits.ts';

/** A program to which attributes give the merging of a file, and which the engine does not start. */

export interface MergeDriver {
  readonly path: string;
  readonly driver: string;
}

export interface InConflict {
  readonly files: readonly string[];
  /** Those that attributes name for some of the files; absent where they name none. */
  readonly drivers?: readonly MergeDriver[];
}

export const inConflict = (files: readonly string[], drivers: readonly MergeDriver[] = []): InConflict => ({
  files,
  ...(drivers.length === 0 ? {} : { drivers }),
});

/** For history. */
export const boundedConflict = ({ files, drivers }: InConflict): InConflict =>
  inConflict(files.slice(0, LIMITS.filesNamedMax), drivers?.slice(0, LIMITS.filesNamedMax));

const NAMED_MAX = 3;
const CHARS_MAX = 300;

/** To go on with after the files of a conflict; empty where none of them has one. */
export function driverWords(drivers: readonly MergeDriver[] = []): string {
  if (drivers.length === 0) return '';
  const named = drivers.slice(0, NAMED_MAX).map(({ path, driver }) => `${path} (${driver})`);
  const more = drivers.length > NAMED_MAX ? [`${drivers.length - NAMED_MAX} more`] : [];
  return `; Pawl does not run the merge driver that .gitattributes names, which may have merged ${clip([...named, ...more].join(', '), CHARS_MAX)}`;
}
