/** Where a repository says how it is set up and checked. Read from the base commit only. */
export const CONFIGURATION_FILE = 'pawl.yaml';
