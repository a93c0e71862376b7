/**
 * What a person's clone ignores by rules that no commit holds: `info/exclude` of the clone, and the person's own ignore file. A
 * workspace gets them when it is made; what an agent writes there does not count.
 */
import { join } from 'node:path';
import { readWhole } from '../files/atomic-file.ts';
import type { Repository } from '../repository/find-repository.ts';
import { ignoreFileOf, isFile } from './user-settings.ts';

/** As one text, in which the later rules win, as for git those of the clone do. */
export async function ignoreRulesOf({ place, commonDir }: Repository): Promise<string> {
  const files = [await ignoreFileOf(place, commonDir), join(commonDir, 'info', 'exclude')];
  const texts = await Promise.all(files.map((file) => (file === undefined ? undefined : readRules(file))));
  return joinRules(texts);
}

/** The text of a file of rules; undefined where it is none, or cannot be read: git goes on without it too. */
export const readRules = async (file: string): Promise<string | undefined> =>
  (await isFile(file)) ? readWhole(file).catch(() => undefined) : undefined;

export const joinRules = (texts: readonly (string | undefined)[]): string =>
  texts.flatMap((text) => (text === undefined ? [] : `${text}\n`)).join('');
