/** A mark of nobody else: ending what carries a mark must not end the programs of a test file that runs at the same time. */
import { randomUUID } from 'node:crypto';

/** @param place within a home, such as `some-task/attempt-1` */
export const ownMark = (place: string): string => `home-${randomUUID()}/${place}`;
