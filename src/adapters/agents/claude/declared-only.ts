/**
 * Claude Code with what the repository declares and nothing of its user's own set-up: no skills, plugins, agents, hooks, servers
 * or instructions of theirs. How they log in, their provider, model and permissions stay: those say who pays and what may be
 * done, not what is to be done. Its folder stays theirs too, because logins and sessions are in it.
 */
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type ParseError, parse } from 'jsonc-parser';
import type { AgentRequest } from '../../../activities/ports/agent-port.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { readWhole, writeWhole } from '../../files/atomic-file.ts';
import { kindOf } from '../../files/without-links.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What stands in for the set-up of its user. */
export interface Declared {
  readonly settingSources: readonly string[];
  readonly settings: Fields;
  readonly mcpServers: Fields;
}

/** Reads files of the workspace and of the user; those that cannot be read say nothing, as to Claude Code itself. */
export async function declaredFor(request: AgentRequest): Promise<Declared> {
  const { workspace, directory = workspace, environment } = request;
  // From the top down: what is nearer counts.
  const folders = directory === workspace ? [workspace] : [workspace, directory];
  const [servers, project, user] = await Promise.all([
    Promise.all(folders.map((folder) => readDeclared(join(folder, '.mcp.json')))),
    Promise.all(
      folders.flatMap((folder) =>
        ['settings.json', 'settings.local.json'].map((name) => readDeclared(join(folder, '.claude', name))),
      ),
    ),
    readUsers(environment),
  ]);
  return {
    settingSources: ['project', 'local'],
    settings: {
      ...keptOf(user, project),
      claudeMdExcludes: [outside(new Set([workspace, await realpath(workspace)]))],
    },
    mcpServers: Object.assign({}, ...servers.map(({ mcpServers }) => fieldsIn(mcpServers))),
  };
}

/**
 * The same as arguments. What stays may hold a key, so it stands in files of the attempt's own folder.
 * @param allow what it may do besides
 */
export async function declaredArgs(
  request: AgentRequest,
  allow: readonly string[],
): Promise<readonly string[]> {
  const { scratch } = request;
  const { settingSources, settings, mcpServers } = await declaredFor(request);
  const { permissions } = settings;
  const own = fieldsIn(permissions);
  const allowed = { ...own, allow: [...(Array.isArray(own.allow) ? own.allow : []), ...allow] };
  const [settingsFile, serversFile] = [
    join(scratch, 'claude-settings.json'),
    join(scratch, 'claude-mcp.json'),
  ];
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  await writeWhole(settingsFile, JSON.stringify({ ...settings, permissions: allowed }));
  await writeWhole(serversFile, JSON.stringify({ mcpServers }));
  const sources = ['--setting-sources', settingSources.join(',')];
  return [...sources, '--settings', settingsFile, '--strict-mcp-config', '--mcp-config', serversFile];
}

const KEPT = [
  'apiKeyHelper',
  'awsAuthRefresh',
  'awsCredentialExport',
  'effortLevel',
  'forceLoginMethod',
  'forceLoginOrgUUID',
  'gcpAuthRefresh',
  'model',
  'modelOverrides',
  'sandbox',
] as const;
const KEPT_PERMISSIONS = ['allow', 'ask', 'deny'] as const;
/** Of provider, login and the way to them. */
const KEPT_VARIABLE =
  /^(?:ANTHROPIC|AWS|AZURE|CLAUDE_CODE|CLOUD_ML|GOOGLE|VERTEX)_|^(?:ALL|HTTPS?|NO)_PROXY$|^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_(?:DIR|FILE))$/i;

/**
 * Pure: what stays of its user's settings. It is handed over as an argument, which counts more than the project's files, so
 * that nothing is among it that those say. Exported for its tests.
 */
export function keptOf(user: Fields, project: readonly Fields[]): Fields {
  const { permissions, env, ...others } = user;
  const variables = Object.entries(fieldsIn(env)).filter(([name]) => KEPT_VARIABLE.test(name));
  const kept = {
    ...picked(others, KEPT),
    env: Object.fromEntries(variables),
    permissions: picked(fieldsIn(permissions), KEPT_PERMISSIONS),
  };
  return project.reduce<Fields>((left, said) => fieldsIn(unsaid(left, said)), kept);
}

const picked = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));

/** Lists are joined by Claude Code, so all of them stays. */
function unsaid(own: unknown, said: unknown): unknown {
  if (said === undefined || Array.isArray(own)) return own;
  if (!isFields(own) || !isFields(said)) return undefined;
  const left = Object.entries(own).map(([name, value]) => [name, unsaid(value, said[name])] as const);
  return Object.fromEntries(left.filter(([, value]) => value !== undefined));
}

/** A pattern of each CLAUDE.md and rule that is not in the workspace: those of its user, and of folders above it. */
function outside(paths: ReadonlySet<string>): string {
  // Claude Code makes slashes of backslashes, so nothing can be escaped: any one character stands for a special one.
  const plain = [...paths].map((path) => path.replaceAll(/[\\*?[\]{}()!+@|,^$]/g, '?'));
  return plain.length === 1 ? `!${plain[0]}/**` : `!{${plain.join(',')}}/**`;
}

/** No link is followed and nothing is waited for: an earlier attempt may have put it there. */
async function readDeclared(path: string): Promise<Fields> {
  const kind = await kindOf(path);
  if (kind?.isFile() !== true || kind.size > LIMITS.workspaceFileBytesMax) return {};
  return fieldsFrom(await readWhole(path));
}

async function readUsers({ HOME, CLAUDE_CONFIG_DIR }: AgentRequest['environment']): Promise<Fields> {
  const folder = CLAUDE_CONFIG_DIR ?? (HOME === undefined ? undefined : join(HOME, '.claude'));
  if (folder === undefined) return {};
  return fieldsFrom(await readWhole(join(folder, 'settings.json')).catch(() => undefined));
}

function fieldsFrom(text = '{}'): Fields {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: true });
  return errors.length === 0 ? fieldsIn(value) : {};
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {});
