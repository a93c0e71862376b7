/**
 * Gemini CLI with what the repository declares and nothing of its user's own set-up: a home of the attempt's own, with links to
 * their login and policies, and of their settings how they log in, the model and what tools may do.
 */
import { lstat, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import type { AgentRequest } from '../../../activities/ports/agent-port.ts';
import { readWhole, writeWhole } from '../../files/atomic-file.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Makes it anew, so that it may be done twice. @returns the variables that lead Gemini CLI to it */
export async function geminiHome({
  scratch,
  environment: { HOME },
}: Pick<AgentRequest, 'scratch' | 'environment'>): Promise<Readonly<Record<string, string>>> {
  if (HOME === undefined) return {};
  const home = join(scratch, 'gemini-home');
  const [theirs, own] = [join(HOME, '.gemini'), join(home, '.gemini')];
  await rm(home, { recursive: true, force: true });
  await mkdir(own, { recursive: true, mode: 0o700 });
  for (const name of LINKED)
    if (await isThere(join(theirs, name))) await symlink(join(theirs, name), join(own, name));
  const text = await readWhole(join(theirs, 'settings.json')).catch(() => undefined);
  const settings = keptOf(parse(text ?? '{}'));
  await writeWhole(join(own, 'settings.json'), JSON.stringify(settings));
  return { GEMINI_CLI_HOME: home };
}

const LINKED = [
  '.env',
  'gemini-credentials.json',
  'google_accounts.json',
  'installation_id',
  'oauth_creds.json',
  'policies',
];
const KEPT: Readonly<Record<string, readonly string[]>> = {
  model: ['name'],
  security: ['auth', 'disableYoloMode'],
  tools: ['allowed', 'core', 'exclude', 'sandbox'],
};

/** Pure: what stays of `settings.json`. Exported for its tests. */
export function keptOf(settings: unknown): Fields {
  if (!isFields(settings)) return {};
  const parts = Object.entries(KEPT).flatMap(([part, names]) => {
    const there = settings[part];
    if (!isFields(there)) return [];
    return [[part, Object.fromEntries(Object.entries(there).filter(([name]) => names.includes(name)))]];
  });
  return Object.fromEntries(parts);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isThere = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => undefined)) !== undefined;
