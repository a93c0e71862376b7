/** Dockerfile and .dockerignore, as far as they can be held without Docker, and the choice of agents for the image. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { PACKAGES, withAgents } from '../../scripts/container/agents.mjs';
import { copies, dockerfile, ROOT, readText, services } from './containers.ts';

const json = (...path: string[]) => JSON.parse(readText(...path));
const pawls = Object.entries(services()).filter(([, { build }]) => build !== undefined);

describe('the image', () => {
  const ignore = readText('.dockerignore').split('\n');
  const allowed = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const own = copies().flatMap(({ from, sources }) => (from === undefined ? sources : []));

  it('copies files that are there, are in git and reach the builder', async () => {
    expect(ignore).toContain('*');
    const { stdout } = await execa('git', ['ls-files'], { cwd: ROOT });
    const tracked = stdout.split('\n');
    for (const source of own) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      expect(
        tracked.some((file) => file === source || file.startsWith(`${source}/`)),
        source,
      ).toBe(true);
      expect(
        allowed.some((path) => source === path || source.startsWith(`${path}/`)),
        source,
      ).toBe(true);
    }
    // Nothing else does.
    for (const path of allowed) {
      const used = own.some((source) => source === path || source.startsWith(`${path}/`));
      expect(used, path).toBe(true);
    }
  });

  it('holds all that the npm package does', () => {
    const { files, engines } = json('package.json');
    const copied = copies().flatMap(({ sources }) => sources.map((source) => source.replace('/app/', '')));
    for (const file of files) expect(copied, file).toContain(file);
    const [, version = ''] = /^node:(\d+\.\d+)\.\d+-\w+-slim$/.exec(baseImage()) ?? [];
    expect(Number(version)).toBeGreaterThanOrEqual(Number(engines.node.replace('>=', '')));
  });

  it('takes what it copies from stages that are there', () => {
    const stages = dockerfile().flatMap(({ name, words }) => (name === 'FROM' ? [words.at(-1)] : []));
    for (const { from } of copies()) if (from !== undefined) expect(stages).toContain(from);
  });

  it('runs on glibc and not as root', () => {
    expect(baseImage()).not.toContain('alpine');
    const users = dockerfile().filter(({ name }) => name === 'USER');
    expect(users).toEqual([{ name: 'USER', words: ['node'] }]);
  });

  it('knows every build option that the compose file gives', () => {
    const options = dockerfile().flatMap(({ name, words }) =>
      name === 'ARG' ? [words[0]?.split('=')[0]] : [],
    );
    for (const [, { build }] of pawls) expect(options.sort()).toEqual(Object.keys(build?.args ?? {}).sort());
  });

  it('starts programs that are in it', () => {
    expect(services().worker?.entrypoint).toEqual(['node', '/app/dist/worker.js']);
    expect(existsSync(join(ROOT, 'src', 'worker.ts'))).toBe(true);
    const entry = dockerfile().find(({ name }) => name === 'ENTRYPOINT');
    expect(entry?.words).toEqual(['["/app/bin/pawl"]']);
  });

  const baseImage = (): string => dockerfile().find(({ name }) => name === 'FROM')?.words[0] ?? '';
});

describe('agents of the image', () => {
  const project = json('scripts', 'agents', 'package.json') as { dependencies: Record<string, string> };

  it('are those that the tests use, at exactly their versions', () => {
    const { dependencies } = withAgents(project, Object.keys(PACKAGES));
    expect(dependencies).toEqual(project.dependencies);
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('are only those that are asked for', () => {
    expect(Object.keys(withAgents(project, ['codex', 'claude']).dependencies)).toEqual([
      '@openai/codex',
      '@anthropic-ai/claude-code',
    ]);
    expect(withAgents(project, []).dependencies).toEqual({});
  });

  it.each(['cursor', '', 'constructor', '@openai/codex'])('refuses %j', (name) => {
    expect(() => withAgents(project, [name])).toThrow(
      /^unknown agent .*: expected AGENTS to name some of claude, /,
    );
  });
});
