/** Which forge a run gets: every form of a remote's address, every setting, and what is said where one is missing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forgeFor, onGitHub } from '../../../src/adapters/forges/forge-choice.ts';
import { gitHubHosts, gitHubRemotes, tokenIn } from '../../../src/adapters/forges/github/hosts.ts';
import { newRepository, newTask, put, userGit } from '../scratch-repository.ts';

const GITHUB = gitHubHosts({});
const repositoryAt = (...urls: readonly string[]): string => {
  const repository = newRepository();
  urls.forEach((url, at) => {
    userGit(repository, 'remote', 'add', at === 0 ? 'origin' : `other.${at}`, url);
  });
  return repository;
};
const TOKEN = { GH_TOKEN: 'ghp_x' };

describe('onGitHub', () => {
  it.each([
    'https://github.com/acme/widgets.git',
    'https://github.com/acme/widgets',
    'https://github.com/acme/widgets/',
    'https://me:secret@github.com/acme/widgets.git',
    'HTTPS://GitHub.com/acme/widgets.git',
    'http://github.com/acme/widgets',
    'https://www.github.com/acme/widgets',
    'ssh://git@github.com/acme/widgets.git',
    'ssh://git@ssh.github.com:443/acme/widgets.git',
    'git+ssh://git@github.com/acme/widgets',
    'git://github.com/acme/widgets.git',
    'git@github.com:acme/widgets.git',
    'git@github.com:/acme/widgets.git',
    'github.com:acme/widgets',
    ' git@GITHUB.com:acme/widgets \n',
  ])('knows %j', (address) => {
    expect(onGitHub(address, GITHUB)).toEqual({
      api: 'https://api.github.com',
      url: 'https://github.com/acme/widgets.git',
      owner: 'acme',
      repository: 'widgets',
    });
  });

  it.each([
    '',
    '../widgets',
    '/srv/git/acme/widgets.git',
    'file:///srv/acme/widgets',
    'https://gitlab.com/acme/widgets',
    'https://github.com.evil.example/acme/widgets',
    'https://evil.example/github.com/acme/widgets',
    'https://github.com@evil.example/acme/widgets',
    'git@evil.example:github.com/acme/widgets',
    'https://github.com/acme',
    'https://github.com/acme/widgets/tree/main',
    'https://github.com/acme/..',
    'https://github.com/%2e%2e/widgets',
    'https://github.com:8443/acme/widgets',
    'ext::sh -c "touch x" github.com/acme/widgets',
    'git@github.com:acme/wid gets',
    'https://github.com/acme/widgets?x=.git',
  ])('does not take %j for one', (address) => {
    const found = onGitHub(address, GITHUB);
    // A query is no part of the name.
    if (address.includes('?')) expect(found?.repository).toBe('widgets');
    else expect(found).toBeUndefined();
  });

  it('answers for any text with nothing, or with a place on a host that it was given', () => {
    const parts = fc.constantFrom(
      'https://',
      'git@',
      'ssh://',
      'github.com',
      '/',
      ':',
      '@',
      'acme',
      '..',
      '.git',
      '%2f',
      '#',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string({ maxLength: 4 })), { maxLength: 9 }), (texts) => {
        const found = onGitHub(texts.join(''), GITHUB);
        if (found === undefined) return;
        expect(found.api).toBe('https://api.github.com');
        const { origin, pathname, username, search, hash } = new URL(found.url);
        expect(origin).toBe('https://github.com');
        expect(pathname).toBe(`/${found.owner}/${found.repository}.git`);
        expect([username, search, hash]).toEqual(['', '', '']);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('gitHubHosts', () => {
  it.each([
    [
      { GITHUB_API_URL: 'https://ghe.example.com/api/v3/' },
      'https://ghe.example.com',
      'https://ghe.example.com/api/v3',
    ],
    [{ GH_HOST: 'ghe.example.com' }, 'https://ghe.example.com', 'https://ghe.example.com/api/v3'],
    [{ GH_HOST: 'acme.ghe.com' }, 'https://acme.ghe.com', 'https://api.acme.ghe.com'],
    [{ GITHUB_API_URL: 'https://api.acme.ghe.com' }, 'https://acme.ghe.com', 'https://api.acme.ghe.com'],
    [
      { GITHUB_API_URL: 'http://127.0.0.1:3000/api/v3' },
      'http://127.0.0.1:3000',
      'http://127.0.0.1:3000/api/v3',
    ],
  ])('of %j', (environment, web, api) => {
    expect(gitHubHosts(environment)).toEqual([{ web, api }, ...GITHUB]);
  });

  it('of what names github.com itself', () => {
    for (const environment of [
      { GITHUB_API_URL: 'https://api.github.com' },
      { GH_HOST: 'github.com' },
      { GH_HOST: '' },
    ]) {
      expect(gitHubHosts(environment)).toEqual(GITHUB);
    }
  });

  it.each([
    [
      { GITHUB_API_URL: 'http://ghe.example.com/api/v3' },
      /GITHUB_API_URL is "http:.*expected an address such as/,
    ],
    [{ GITHUB_API_URL: 'ghe' }, /GITHUB_API_URL is "ghe"/],
    [{ GH_HOST: 'https://ghe.example.com' }, /GH_HOST is .*expected the name of a host/],
    [{ GH_HOST: 'me@ghe.example.com' }, /GH_HOST is /],
  ])('refuses %j', (environment, words) => {
    expect(() => gitHubHosts(environment)).toThrow(words);
  });
});

describe('forgeFor', () => {
  it('chooses GitHub where the remote is there and a token is set', async () => {
    const repository = repositoryAt('git@github.com:acme/widgets.git', 'https://gitlab.com/a/b');
    const chosen = await forgeFor({ repository, asked: undefined, environment: TOKEN });
    expect(chosen).toEqual({
      name: 'github',
      api: 'https://api.github.com',
      url: 'https://github.com/acme/widgets.git',
      owner: 'acme',
      repository: 'widgets',
      mergeMethod: 'merge',
    });
    expect(JSON.stringify(chosen)).not.toContain('ghp_');
    expect(await forgeFor({ repository, asked: 'local', environment: TOKEN })).toBeUndefined();
    expect(await forgeFor({ repository, asked: undefined, environment: {} })).toBeUndefined();
  });

  it('takes the only remote, whatever its name, and an Enterprise host', async () => {
    const repository = newRepository();
    userGit(repository, 'remote', 'add', 'up.stream', 'ssh://git@ghe.example.com:2222/acme/widgets.git');
    const environment = { ...TOKEN, GH_HOST: 'ghe.example.com', PAWL_GITHUB_MERGE: ' squash ' };
    expect(await forgeFor({ repository, asked: undefined, environment })).toMatchObject({
      api: 'https://ghe.example.com/api/v3',
      url: 'https://ghe.example.com/acme/widgets.git',
      mergeMethod: 'squash',
    });
    userGit(repository, 'remote', 'add', 'second', 'git@github.com:acme/widgets.git');
    expect(await forgeFor({ repository, asked: undefined, environment })).toBeUndefined();
  });

  it.each([
    [
      'a token',
      ['git@github.com:acme/widgets.git'],
      {},
      /set PAWL_GITHUB_TOKEN, GH_TOKEN or GITHUB_TOKEN .*acme\/widgets/,
    ],
    ['a remote', [], TOKEN, /has no remote origin: add the one on GitHub with `git remote add origin/],
    [
      'a remote on GitHub',
      ['https://me:secret@gitlab.com/a/b'],
      TOKEN,
      /is at gitlab.com, which is no repository on GitHub/,
    ],
    [
      'a merge method',
      ['git@github.com:acme/widgets.git'],
      { ...TOKEN, PAWL_GITHUB_MERGE: 'fast' },
      /PAWL_GITHUB_MERGE is "fast": expected/,
    ],
  ])('says what to set when GitHub is asked for without %s', async (_, urls, environment, words) => {
    const choosing = forgeFor({ repository: repositoryAt(...urls), asked: 'github', environment });
    await expect(choosing).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(words),
    });
    await expect(choosing).rejects.not.toThrow(/secret|ghp_|\n/);
  });

  it('starts nothing that the repository names', async () => {
    const repository = repositoryAt('git@github.com:acme/widgets.git');
    const trap = `${repository}-trap`;
    put(repository, { '.git/hooks/post-checkout': `#!/bin/sh\ntouch ${trap}\n` });
    userGit(repository, 'config', 'core.fsmonitor', `touch ${trap}`);
    userGit(repository, 'config', 'core.sshCommand', `touch ${trap}`);
    await forgeFor({ repository, asked: 'github', environment: TOKEN });
    expect(userGit(repository, 'config', '--get', 'core.fsmonitor')).toContain('trap');
    expect(() => userGit(`${repository}-trap`, 'status')).toThrow();
  });
});

it("looks for a token under three names, Pawl's own first", () => {
  expect(tokenIn({})).toBeUndefined();
  expect(tokenIn({ GITHUB_TOKEN: 'c', GH_TOKEN: ' ' })).toBe('c');
  expect(tokenIn({ GITHUB_TOKEN: 'c', GH_TOKEN: 'b' })).toBe('b');
  expect(tokenIn({ GITHUB_TOKEN: 'c', GH_TOKEN: 'b', PAWL_GITHUB_TOKEN: 'a\n' })).toBe('a');
});

it('gives the token to no host but those that the engine knows', () => {
  const forge = { name: 'github', owner: 'a', repository: 'b', mergeMethod: 'merge' } as const;
  const api = 'https://api.github.com';
  const remote = gitHubRemotes(() => TOKEN);
  const at = (place: { api: string; url: string }) => ({ ...newTask('/x'), forge: { ...forge, ...place } });
  expect(remote(newTask('/x'))).toBeUndefined();
  expect(remote(at({ api, url: 'https://github.com/a/b.git' }))?.authorization).toMatch(/^Basic /);
  for (const place of [
    { api: 'https://evil.example', url: 'https://github.com/a/b.git' },
    { api, url: 'https://evil.example/a/b.git' },
    { api, url: 'https://github.com.evil.example/a/b.git' },
    { api, url: 'https://github.com@evil.example/a/b.git' },
  ]) {
    expect(() => remote(at(place))).toThrow(/is no GitHub that this engine knows/);
  }
});
