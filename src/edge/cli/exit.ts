/** Exit codes of the CLI. Those of errors stand in `ERROR_CODES`. */
export const EXIT = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  waiting: 3,
  away: 4,
  programsLeft: 5,
  interrupted: 130,
} as const;
