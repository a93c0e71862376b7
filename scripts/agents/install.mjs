/** Installs the agents that the adapters are tried with. */
import { installLocked } from '../setup/locked-packages.mjs';
import { AGENTS_NAME } from './place.mjs';

await installLocked({
  name: AGENTS_NAME,
  source: import.meta.dirname,
  program: 'claude',
  what: 'the agents for the tests',
});
