/** What the rest of Pawl asks of set-up: where the programs are, and to provide them. Types: programs.d.mts. */
export { cacheFolder } from './cache.mjs';
export { findGitLfs, provideGitLfs } from './git-lfs.mjs';
export { SetupError } from './telling.mjs';
export { findTemporal, provideTemporal } from './temporal.mjs';
export { findTestServer, provideTestServer } from './test-server.mjs';
