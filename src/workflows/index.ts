/** The bundle's entry: every workflow type of Pawl. */
export { task } from './task.ts';
