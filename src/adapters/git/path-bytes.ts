/** Paths travel between commands of git's as latin1, so that any bytes survive: not every name is text. */

/** Where a file of a folder is, for the file system. */
export const pathAt = (folder: string, latin1: string): Buffer =>
  Buffer.concat([Buffer.from(`${folder}/`, 'utf8'), Buffer.from(latin1, 'latin1')]);

/** The path as people and the file system know it. */
export const textOf = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

/** The same for git. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** What a command with `-z` printed: paths, or lines that hold one. */
export const linesIn = (printed: Buffer): string[] => printed.toString('latin1').split('\0').filter(Boolean);

/** The same for a command that reads such lines with `-z`. */
export const asLines = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\0`).join(''), 'latin1');

/** Pure: no commit may hold such a path, which leads out of the folder, or into one of git's own. */
export const leadsElsewhere = (path: string): boolean =>
  path.split('/').some((part) => /^(?:\.{0,2}|\.git)$/i.test(part));
