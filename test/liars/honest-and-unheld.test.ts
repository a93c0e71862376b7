/** Agents that are not held up: honest ones, and those that README names. Last, those that end the engine. */
import { beforeEach, describe } from 'vitest';
import { describeHonest, describeLiars, useEngine } from './on-one-engine.ts';
import { HOME } from './rows/home.ts';
import { HONEST } from './rows/honest.ts';
import { UNHELD } from './rows/unheld.ts';
import { KILLERS } from './rows/words.ts';

const { rig, empty } = useEngine();
describeHonest(rig, HONEST);
describeLiars(rig, UNHELD);
describe('with the home folder of their user', () => {
  beforeEach(empty);
  // What one has changed there, all others would have.
  describeLiars(rig, HOME, 'in turn');
});
// The others have ended by then.
describeLiars(rig, KILLERS, 'in turn');
