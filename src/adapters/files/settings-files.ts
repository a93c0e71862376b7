/** The settings of a check put back in files that hold more than those: `domain/settings-keys.ts` says which are which. */
import { isDeepStrictEqual } from 'node:util';
import { type ParseError, parse } from 'jsonc-parser';
import { nameOf } from '../../domain/runs-through/lookup.ts';
import { isOfCompiler, isSetting, ownKeysOf } from '../../domain/settings-keys.ts';
import { objectFrom, withSectionsOf, withSettingsOf } from '../../domain/settings-parts.ts';
import { withTablesOf } from './toml-tables.ts';

/**
 * The text of a file as the change has it, with its settings as in the base; undefined where that changes nothing. A text that
 * cannot be read (any more) gives the base's, so that a broken file hides no setting.
 * @param now undefined: it is gone
 * @param base undefined: it was not there
 */
export function restoreSettings(
  path: string,
  now: string | undefined,
  base: string | undefined,
): string | undefined {
  if (now === undefined) return base;
  const name = nameOf(path);
  try {
    return restore(name, withoutMark(now), base === undefined ? undefined : withoutMark(base));
  } catch (error) {
    // What is nested too deep for the parsers, other programs may still read.
    if (error instanceof RangeError) return base ?? (name.includes('.json') ? '{}\n' : '');
    throw error;
  }
}

/** The byte order mark, which the tools that read such a file pass over. */
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

function restore(name: string, now: string, base: string | undefined): string | undefined {
  if (name.endsWith('.toml')) return withTablesOf(now, base ?? '', (keys) => isSetting(name, keys));
  if (name === 'setup.cfg') {
    const merged = withSectionsOf(now, base ?? '');
    return merged.trim() === withSectionsOf(now, now).trim() ? undefined : merged;
  }
  const keys = ownKeysOf(name);
  // The compiler's says nothing of tests, and a first one makes a check of types possible at all.
  if (keys === undefined || (base === undefined && isOfCompiler(name))) return undefined;
  const before = objectIn(name, base ?? '{}');
  if (before === undefined) return undefined;
  const after = objectIn(name, now);
  if (after === undefined) return base;
  const merged = withSettingsOf(after, before, keys);
  return isDeepStrictEqual(merged, after) ? undefined : `${JSON.stringify(merged, undefined, 2)}\n`;
}

/** With comments only where the tools that read it allow them. */
function objectIn(name: string, text: string): Record<string, unknown> | undefined {
  const isStrict = name === 'package.json' || name === 'composer.json';
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: isStrict, allowTrailingComma: !isStrict });
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return errors.length === 0 && isObject ? objectFrom(value) : undefined;
}
