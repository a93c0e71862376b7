/** Agents that leave something beside their commit, change how git sees it, or bring what a person has to look at. */
import { describeLiars, useEngine } from './on-one-engine.ts';
import { FLAGGED } from './rows/flagged.ts';
import { GIT } from './rows/git.ts';
import { LEFT } from './rows/left.ts';

const { rig } = useEngine();
describeLiars(rig, [...LEFT, ...GIT, ...FLAGGED]);
