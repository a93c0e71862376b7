/**
 * Installs into the current folder the agents that an image is built with, at the versions that this project's own tests
 * use: `node agents.mjs claude codex`. Beside it stand the package.json and lock file of scripts/agents. Used by the
 * Dockerfile only; plain JavaScript, because the image has no packages yet when it runs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where npm has them. @type {Readonly<Record<string, string>>} */
export const PACKAGES = {
  claude: '@anthropic-ai/claude-code',
  codex: '@openai/codex',
  gemini: '@google/gemini-cli',
  opencode: 'opencode-ai',
  'claude-agent-acp': '@agentclientprotocol/claude-agent-acp',
  'codex-acp': '@zed-industries/codex-acp',
};

/**
 * @template {{ dependencies: Record<string, string> }} T
 * @param {T} project
 * @param {readonly string[]} names
 * @returns {T} the project with those agents only, at its own versions
 */
export function withAgents(project, names) {
  const dependencies = names.map((name) => {
    const entry = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
    const version = entry === undefined ? undefined : project.dependencies[entry];
    if (entry === undefined || version === undefined)
      throw new Error(
        `unknown agent ${name}: expected AGENTS to name some of ${Object.keys(PACKAGES).join(', ')}`,
      );
    return [entry, version];
  });
  return { ...project, dependencies: Object.fromEntries(dependencies) };
}

function install() {
  const names = process.argv.slice(2).flatMap((words) => words.split(/\s+/).filter((word) => word !== ''));
  const file = join(process.cwd(), 'package.json');
  writeFileSync(file, JSON.stringify(withAgents(JSON.parse(readFileSync(file, 'utf8')), names)));
  // There also without agents, because the image copies it and has it on PATH.
  mkdirSync(join(process.cwd(), 'node_modules', '.bin'), { recursive: true });
  if (names.length === 0) return 0;
  // `npm ci` refuses a lock file that holds more than package.json; `install` takes the locked versions and leaves the rest.
  const { status, error } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}

const program = process.argv[1] ?? '';
if (existsSync(program) && realpathSync(program) === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = install();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
