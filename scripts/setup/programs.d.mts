/** Types of programs.mjs, which stays plain JavaScript because it must run before anything is installed. */
export interface FoundTemporal {
  readonly path: string;
  /** Version of the server inside, such as 1.29.1. */
  readonly server: string;
  readonly from: 'on PATH' | 'embedded';
}
/** Nothing that set-up can repair by itself. */
export class SetupError extends Error {
  readonly tried: readonly string[];
  readonly ways: readonly string[];
}
/** Where set-up keeps what it provides. */
export function cacheFolder(env?: NodeJS.ProcessEnv): string;
export function findTemporal(env?: NodeJS.ProcessEnv): FoundTemporal | undefined;
export function provideTemporal(env?: NodeJS.ProcessEnv): Promise<FoundTemporal>;
export function findTestServer(env?: NodeJS.ProcessEnv): string | undefined;
export function provideTestServer(env?: NodeJS.ProcessEnv): Promise<string>;
export function findGitLfs(env?: NodeJS.ProcessEnv): string | undefined;
export function provideGitLfs(env?: NodeJS.ProcessEnv): Promise<string>;
