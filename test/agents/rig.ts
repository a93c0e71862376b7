/**
 * What every test with a real agent needs: where its program is, and a fresh home that is no temporary folder (Codex
 * refuses to work in one there).
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { agentsBin, agentsCache, findAgent } from '../../scripts/agents/place.mjs';

/** The full path of an agent's program. @throws Error when the agents are not installed */
export function agentProgram(name: string): string {
  const path = findAgent(name);
  if (path === undefined)
    throw new Error(`expected agent ${name}: run \`node scripts/agents/install.mjs\` first`);
  return path;
}

/** The programs that Codex brings for itself, bubblewrap among them on Linux. */
export function codexResources(): string {
  const vendor = join(agentsBin(), '..', '@openai', `codex-${process.platform}-${process.arch}`, 'vendor');
  const [target] = readdirSync(vendor);
  if (target === undefined) throw new Error(`expected what Codex brings in ${vendor}, got nothing`);
  return join(vendor, target, 'codex-resources');
}

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** An empty home below the cache folder; removed after the test. */
export function newHome(): string {
  const parent = join(agentsCache(), 'test-homes');
  mkdirSync(parent, { recursive: true });
  const home = mkdtempSync(join(parent, 'home-'));
  homes.push(home);
  return home;
}
