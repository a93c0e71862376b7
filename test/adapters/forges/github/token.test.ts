/** The token for GitHub: it goes to GitHub alone, and into no argument, file or message. */
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../../src/adapters/git/mirror.ts';
import { filesBelow, put } from '../../scratch-repository.ts';
import { newGitHubWorld, published, requestFor } from './github-world.ts';

describe('the token', () => {
  it('is in no error, no file of the home and no address', async () => {
    const world = await newGitHubWorld();
    const { forge, task, github, places, environment, workOn } = world;
    const { merge, number } = await published(world);
    const said: string[] = [];
    const faults = [
      'unheard',
      'lost',
      { status: 500 },
      { status: 403, message: 'no' },
      { status: 429 },
      { status: 418 },
    ] as const;
    const newer = await workOn(task, { 'new.txt': 'newer' });
    for (const fault of faults) {
      github.fault = () => fault;
      const seen = { task, pullRequest: number, commit: merge.commit, seen: {}, until: 'news' } as const;
      const calls = [
        forge.problem(task),
        forge.push(task, newer.commit),
        forge.ensurePullRequest(requestFor(task, newer.commit, 'other')),
        forge.merge({ ...merge, baseCommit: newer.commit }),
        ...(fault === 'unheard' ? [forge.watch(seen, AbortSignal.timeout(5_000))] : []),
      ];
      for (const call of await Promise.allSettled(calls)) said.push(everything(call));
    }
    github.fault = () => undefined;
    environment.GH_TOKEN = 'ghp_wrong0000000000000000';
    for (const call of await Promise.allSettled([forge.push(task, newer.commit), forge.problem(task)])) {
      said.push(everything(call));
    }
    const secrets = [github.token, 'ghp_wrong0000000000000000'].flatMap((one) => [
      one,
      Buffer.from(`x-access-token:${one}`).toString('base64'),
    ]);
    expect(said.join('\n')).toContain('unavailable');
    const files = filesBelow(places.home).map((path) => readFileSync(join(places.home, path), 'latin1'));
    expect(readdirSync(places.home)).not.toEqual([]);
    for (const secret of secrets) {
      expect(said.join('\n')).not.toContain(secret);
      expect(files.filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});

it.runIf(process.platform === 'linux')(
  'shows the token in no argument of a program, and uses only what the engine has set',
  async () => {
    const { forge, task, github, places, repository, workOn } = await newGitHubWorld();
    const { commit } = await workOn(task, { 'new.txt': 'n' });
    const mirror = mirrorOf(places.mirrors, repository);
    const evil = '[http]\n\tproxy = http://127.0.0.1:1\n[url "http://127.0.0.1:1/"]\n\tinsteadOf = http://\n';
    put(mirror, { config: evil, 'hooks/pre-push': '#!/bin/sh\nexit 1\n' });
    chmodSync(join(mirror, 'hooks/pre-push'), 0o755);
    const secrets = [github.token, Buffer.from(`x-access-token:${github.token}`).toString('base64')];
    let lines: readonly string[] = [];
    github.fault = (route) => {
      if (route !== 'git-receive-pack') return undefined;
      lines = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(argumentsOf);
      return undefined;
    };
    await forge.push(task, commit);
    expect(github.tipOf(`pawl/${task.id}`)).toBe(commit);
    expect(lines.some((line) => line.includes(github.url))).toBe(true);
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  },
);

/** Empty for a process that has ended meanwhile. */
function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** With causes and fields that printing an error leaves out. */
function everything(value: unknown, depth = 0): string {
  if (depth > 5 || value === null || typeof value !== 'object') return String(value);
  const names = Object.getOwnPropertyNames(value);
  return names.map((name) => `${name}: ${everything(Reflect.get(value, name), depth + 1)}`).join('\n');
}
