/** What a person has set up for themselves, and what a repository declares: words by which a request tells what of it has arrived. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { newHome } from './rig.ts';
import type { Place } from './trial.ts';

const SERVER = join(import.meta.dirname, '..', 'fixtures', 'agents', 'canary-server.mjs');

/** Theirs, by what it stands in. */
export const OWN_WORDS = {
  'instructions of their home': 'CANARY-INSTRUCTIONS',
  'instructions above the workspace': 'CANARY-ABOVE',
  'a rule': 'CANARY-RULE',
  'a skill': 'CANARY-SKILL',
  'a skill for all agents': 'CANARY-SHARED-SKILL',
  'an agent': 'CANARY-AGENT',
  'a server of MCP': 'mcp_canary',
} as const;
export type OwnWord = keyof typeof OWN_WORDS;
/** The repository's, in the same way. */
export const DECLARED_INSTRUCTIONS = 'DECLARED-INSTRUCTIONS';
export const DECLARED_SKILL = 'DECLARED-SKILL';
export const DECLARED_SERVER = 'mcp_declared';

/** What of the words is in a request: agents write the name of a server's tool with one line or with two. */
export const wordsIn = (body: string, words: readonly string[]): readonly string[] => {
  const text = body.replaceAll('mcp__', 'mcp_');
  return words.filter((word) => text.includes(word));
};

export interface SetUp {
  /** Whether a program of theirs was started: a hook, or the server. */
  readonly hasRun: (what: 'hook' | 'server') => boolean;
}

const put = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const skill = (name: string, description: string) =>
  `---\nname: ${name}\ndescription: ${description}\n---\nSay so.\n`;
const server = (file: string) => ({ command: process.execPath, args: [SERVER, file] });

/** Fills home and workspace. The workspace lies below the home, as it does in the engine as a rule. */
export async function setUp({ home, workspace }: Place): Promise<SetUp> {
  const left = (what: string) => join(home, `${what}-has-run`);
  const hooks = {
    SessionStart: [
      {
        hooks: [
          { type: 'command', command: `${process.execPath} -e "fs.writeFileSync('${left('hook')}', '')"` },
        ],
      },
    ],
  };
  const own = server(left('server'));
  put(join(home, 'CLAUDE.md'), OWN_WORDS['instructions above the workspace']);
  put(join(home, '.claude', 'CLAUDE.md'), OWN_WORDS['instructions of their home']);
  put(join(home, '.claude', 'rules', 'one.md'), OWN_WORDS['a rule']);
  put(join(home, '.claude', 'skills', 'own', 'SKILL.md'), skill('own', OWN_WORDS['a skill']));
  put(join(home, '.claude', 'agents', 'own.md'), skill('own', OWN_WORDS['an agent']));
  put(join(home, '.claude', 'settings.json'), JSON.stringify({ hooks }));
  put(join(home, '.claude.json'), JSON.stringify({ mcpServers: { canary: own } }));
  put(
    join(home, '.agents', 'skills', 'shared', 'SKILL.md'),
    skill('shared', OWN_WORDS['a skill for all agents']),
  );
  put(join(home, '.codex', 'AGENTS.md'), OWN_WORDS['instructions of their home']);
  put(join(home, '.codex', 'skills', 'own', 'SKILL.md'), skill('own', OWN_WORDS['a skill']));
  put(join(home, '.codex', 'hooks.json'), JSON.stringify({ hooks }));
  const toml = `[mcp_servers.canary]\ncommand = ${JSON.stringify(own.command)}\nargs = ${JSON.stringify(own.args)}\n`;
  put(join(home, '.codex', 'config.toml'), toml);
  put(join(home, 'GEMINI.md'), OWN_WORDS['instructions above the workspace']);
  put(join(home, '.gemini', 'GEMINI.md'), OWN_WORDS['instructions of their home']);
  put(join(home, '.gemini', 'skills', 'own', 'SKILL.md'), skill('own', OWN_WORDS['a skill']));
  put(join(home, '.gemini', 'agents', 'own.md'), skill('own', OWN_WORDS['an agent']));
  put(
    join(home, '.gemini', 'settings.json'),
    JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } }, mcpServers: { canary: own } }),
  );
  put(join(workspace, 'GEMINI.md'), DECLARED_INSTRUCTIONS);
  put(join(workspace, 'CLAUDE.md'), DECLARED_INSTRUCTIONS);
  put(join(workspace, 'AGENTS.md'), DECLARED_INSTRUCTIONS);
  put(join(workspace, '.claude', 'skills', 'ours', 'SKILL.md'), skill('ours', DECLARED_SKILL));
  put(join(workspace, '.agents', 'skills', 'ours', 'SKILL.md'), skill('ours', DECLARED_SKILL));
  put(
    join(workspace, '.mcp.json'),
    JSON.stringify({ mcpServers: { declared: server(left('declared-server')) } }),
  );
  await execa('git', ['init', '--quiet'], { cwd: workspace });
  return { hasRun: (what) => existsSync(left(what)) };
}

/** With the workspace below the home, by a path that leads over a link and holds what has a meaning in patterns. */
export function placeInHome(): Place {
  const home = newHome();
  const pawl = join(home, "pawl's [1] (*) {a,b}");
  mkdirSync(join(home, 'disk'));
  symlinkSync('disk', pawl);
  const [workspace, scratch] = [join(pawl, 'workspace'), join(pawl, 'scratch', 'attempt-1')];
  for (const path of [workspace, scratch]) mkdirSync(path, { recursive: true });
  return { home, workspace, scratch };
}
