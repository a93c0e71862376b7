/** The bundle's entry: every workflow type of Pawl. */
export { execution } from './execution.ts';
export { task } from './task.ts';
