/** Agents that say what is not so, or change what judges their work. */
import { describeLiars, useEngine } from './on-one-engine.ts';
import { DEFINITIONS } from './rows/definitions.ts';
import { TESTS } from './rows/tests.ts';
import { WORDS } from './rows/words.ts';

const { rig } = useEngine();
describeLiars(rig, [...WORDS, ...TESTS, ...DEFINITIONS]);
