/** Shells whose environment is not that of their engine, on its host and elsewhere: nothing in it decides what a call means. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connect } from '../../src/client.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import type { Shell } from './edges.ts';
import { startMcp } from './mcp-rig.ts';
import type { EngineRig } from './rig.ts';

const NODE = dirname(process.execPath);

/** A folder with programs that write a file and end, and the PATH on which they are. */
function programsIn(what: string, names: readonly string[]): string {
  const folder = join(scratchFolder(what), 'bin');
  mkdirSync(folder);
  for (const name of names)
    writeFileSync(join(folder, name), '#!/bin/sh\necho written > by-agent.txt\n', { mode: 0o755 });
  return `${folder}:${NODE}:/usr/local/bin:/usr/bin:/bin`;
}

/** What an engine has that no shell has. */
export const engineSettings = () => ({
  HOME: scratchFolder('engine-user'),
  PATH: programsIn('of-the-engine', ['only-engine']),
  GITHUB_TOKEN: '',
  GH_TOKEN: '',
  PAWL_GITHUB_TOKEN: '',
});

/** And the other way round; settings of an engine count where it is started. */
const shellSettings = () => ({
  HOME: scratchFolder('shell-user'),
  PATH: programsIn('of-the-shell', ['only-shell', 'gemini', 'claude', 'opencode', 'codex']),
  ANTHROPIC_API_KEY: 'sk-ant-of-the-shell-alone',
  GEMINI_API_KEY: 'of-the-shell-alone',
  GH_TOKEN: 'ghp_of-the-shell-alone',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  PAWL_AGENTS_PER_HOST: '9',
  PAWL_WORKER: 'off',
});

async function shellOf(settings: Readonly<Record<string, string>>, cwd: string): Promise<Shell> {
  const env: Readonly<Record<string, string>> = { ...shellSettings(), ...settings };
  const mcp = await startMcp(env.PAWL_HOME ?? '', cwd, ['--allow-approve'], env);
  return { env, mcp, api: await connect(env) };
}

export const shellOfHome = (rig: EngineRig): Promise<Shell> => shellOf({ PAWL_HOME: rig.home }, rig.home);

/** In its own home no engine runs, and none is started. */
export const shellElsewhere = (rig: EngineRig): Promise<Shell> => {
  const folder = scratchFolder('elsewhere');
  const reach = { PAWL_URL: rig.endpoints.api, PAWL_TOKEN: tokenOf(rig.home, {}) };
  return shellOf({ PAWL_HOME: join(folder, 'nothing-here'), ...reach }, folder);
};

export async function leave({ mcp, api }: Shell): Promise<void> {
  await mcp.close();
  await api.close();
}
