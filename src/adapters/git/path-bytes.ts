/** Paths travel between commands of git's as latin1, so that any bytes survive: not every name is text. */

/** The path as people and the file system know it. */
export const textOf = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
