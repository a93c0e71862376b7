/** Exponential backoff before a process that died is started again: 0.2 s, doubling, at most 10 s. */
const FIRST_MS = 200;
const LONGEST_MS = 10_000;

/** @param failures starts in a row that did not lead to a healthy process */
export const backOffMs = (failures: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
