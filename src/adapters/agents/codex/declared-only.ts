/**
 * Codex with what the repository declares and nothing of its user's own set-up. Only a folder of the attempt's own in the place
 * of `$CODEX_HOME` keeps their AGENTS.md, skills and agents away; in it are links to their login, rules and sessions, so that
 * a login that is renewed is renewed for them too, and a session goes on from anywhere.
 */
import { lstat, mkdir, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentFailure, type AgentRequest } from '../../../activities/ports/agent-port.ts';
import { readWhole, writeWhole } from '../../files/atomic-file.ts';
import { tablesOf } from '../../files/toml-tables.ts';
import type { Environment } from '../../programs/environment.ts';

/** Where Codex has what is its user's; undefined without a home. */
export const codexFolder = ({ HOME, CODEX_HOME }: Environment): string | undefined =>
  CODEX_HOME || (HOME === undefined ? undefined : join(HOME, '.codex'));

/**
 * Makes the folder anew, so that it may be done twice.
 * @returns the variables that lead Codex to it; none where there is no user whose set-up it could find
 * @throws AgentFailure `setup_failed` where their settings cannot be read
 */
export async function declaredHome({
  choice,
  scratch,
  environment,
}: Pick<AgentRequest, 'choice' | 'scratch' | 'environment'>): Promise<Readonly<Record<string, string>>> {
  const theirs = codexFolder(environment);
  if (theirs === undefined) return {};
  const own = join(scratch, 'codex-home');
  const config = join(theirs, 'config.toml');
  const kept = await readWhole(config).then((text = '') => keptOf(text), unreadable);
  if (kept === undefined)
    throw new AgentFailure(
      'setup_failed',
      `agent ${choice.name}: expected TOML in ${config}: correct the file`,
    );
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true, mode: 0o700 });
  await mkdir(join(theirs, 'sessions'), { recursive: true });
  for (const name of ['.env', 'auth.json', 'rules', 'sessions'])
    if (await isThere(join(theirs, name))) await symlink(join(theirs, name), join(own, name));
  const skills = await skillsOf(environment);
  await writeWhole(join(own, 'config.toml'), [kept, ...ACCOUNT, ...skills.map(withoutSkill)].join('\n'));
  return { CODEX_HOME: own };
}

const unreadable = () => undefined;

/** What the user's account brings along. */
const ACCOUNT = ['[features]', 'apps = false', 'plugins = false', 'remote_plugin = false'];
/** Of model, provider and login, and what its sandbox may do. */
const KEPT = new Set([
  'chatgpt_base_url',
  'cli_auth_credentials_store',
  'forced_chatgpt_workspace_id',
  'forced_login_method',
  'model',
  'model_auto_compact_token_limit',
  'model_context_window',
  'model_provider',
  'model_providers',
  'model_reasoning_effort',
  'model_reasoning_summary',
  'model_verbosity',
  'openai_base_url',
  'preferred_auth_method',
  'profile',
  'sandbox_workspace_write',
  'service_tier',
]);

/** Pure: what stays of `config.toml`; undefined where it is none. Exported for its tests. */
export const keptOf = (text: string): string | undefined =>
  tablesOf(
    text,
    ([first = '', , third = '']) => KEPT.has(first) || (first === 'profiles' && KEPT.has(third)),
  );

/** Codex itself looks no deeper, and into no more. */
const SKILLS_DEPTH_MAX = 6;
const SKILL_FOLDERS_MAX = 2_000;

const withoutSkill = (path: string): string =>
  `[[skills.config]]\npath = ${JSON.stringify(path)}\nenabled = false`;

/** Codex looks for skills in this folder of the home too, wherever its own folder is: as deep, and behind links as well. */
async function skillsOf({ HOME }: Environment): Promise<readonly string[]> {
  const files: string[] = [];
  const seen = new Set<string>();
  let folders = HOME === undefined ? [] : [join(HOME, '.agents', 'skills')];
  for (let depth = 0; depth <= SKILLS_DEPTH_MAX && folders.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of folders) {
      const real = await realpath(folder).catch(() => undefined);
      if (real === undefined || seen.has(real) || seen.size >= SKILL_FOLDERS_MAX) continue;
      const names = await readdir(real).catch(() => undefined);
      if (names === undefined) continue; // no folder, or one that Codex cannot read either
      seen.add(real);
      if (names.includes('SKILL.md')) files.push(await realpath(join(real, 'SKILL.md')).catch(() => real));
      next.push(...names.map((name) => join(real, name)));
    }
    folders = next;
  }
  return files;
}

const isThere = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => undefined)) !== undefined;
