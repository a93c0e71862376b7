/** Installs the official MCP conformance suite and inspector. */
import { installLocked } from '../setup/locked-packages.mjs';
import { SUITES_NAME } from './place.mjs';

await installLocked({
  name: SUITES_NAME,
  source: import.meta.dirname,
  program: 'conformance',
  what: 'the MCP suites for the tests',
});
