/** Nothing gets to a program that is not on the list or named for it, whatever the engine's environment holds. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withNodeFirst } from '../../../scripts/setup/node.mjs';
import { createCommandAgent } from '../../../src/adapters/agents/command/agent.ts';
import { scrubbedEnvironment } from '../../../src/adapters/programs/environment.ts';
import { createProgramRunner } from '../../../src/adapters/programs/program-runner.ts';
import { createMask } from '../../../src/domain/mask.ts';
import { newFolder } from '../../conformance/folders.ts';

const NAME = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
  fc.constantFrom(
    'PAWL_TOKEN',
    'GH_TOKEN',
    'OPENAI_API_KEY',
    'LC_ALL',
    'LC_TOKEN_X',
    'PATH',
    'http_proxy',
    'CI',
  ),
  fc.constantFrom(
    'npm_config__auth',
    'npm_config_//r.example/:_authToken',
    '__proto__',
    'constructor',
    'HOME',
  ),
);
const ENVIRONMENT = fc.dictionary(NAME, fc.string(), { noNullPrototype: false });
const LISTED =
  /^(?:HOME|LANG|LANGUAGE|LOGNAME|SHELL|TMPDIR|TZ|USER|PATH|CI|TERM|PAWL_PROCESS|LC_[A-Z]+|(?:ALL|HTTPS?|NO)_PROXY|(?:all|https?|no)_proxy|CURL_CA_BUNDLE|GIT_SSL_CAINFO|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|SSL_CERT_(?:DIR|FILE))$/;

describe('any environment', () => {
  it('gives on only what is listed', () => {
    fc.assert(
      fc.property(ENVIRONMENT, fc.string(), (environment, mark) => {
        const scrubbed = scrubbedEnvironment(environment, mark);
        expect(Object.keys(scrubbed).filter((name) => !LISTED.test(name))).toEqual([]);
        expect(scrubbed.PAWL_PROCESS).toBe(mark);
      }),
    );
  });

  it('gives on what is named besides, but nothing of Pawl’s own, and cannot move the mark', () => {
    fc.assert(
      fc.property(ENVIRONMENT, fc.array(NAME), (environment, named) => {
        const all = [...named, 'PAWL_PROCESS', 'PAWL_TOKEN'];
        const scrubbed = scrubbedEnvironment(
          { ...environment, PAWL_PROCESS: 'other', PAWL_TOKEN: 't' },
          'mark',
          all,
        );
        expect(scrubbed.PAWL_PROCESS).toBe('mark');
        const extra = Object.keys(scrubbed).filter((name) => !LISTED.test(name));
        expect(extra.filter((name) => !named.includes(name) || name.startsWith('PAWL_'))).toEqual([]);
        for (const name of extra) expect(scrubbed[name]).toBe(environment[name]);
      }),
    );
  });
});

it('keeps of PATH what cannot mean the repository', () => {
  const pathOf = (path: string | undefined) => scrubbedEnvironment({ PATH: path }, 'm').PATH;
  expect(pathOf('/a::.:./b:c:/d:')).toBe('/a:/d');
  expect(pathOf(':.:')).toBe('/usr/local/bin:/usr/bin:/bin');
  expect(pathOf(undefined)).toBe('/usr/local/bin:/usr/bin:/bin');
});

describe('PATH', () => {
  const root = join(import.meta.dirname, '..', '..', '..');
  const cache = newFolder();
  const theirs = newFolder();
  const nodeOfCache = join(cache, 'pawl', 'node-26', 'bin', 'node');
  const own = {
    'the Node of the cache': dirname(nodeOfCache),
    'the programs of the clone': join(root, 'node_modules', '.bin'),
    'those of a folder above': join(dirname(root), 'node_modules', '.bin'),
  };
  const ofNpm = '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin';
  const pathFrom = (entries: readonly string[]) =>
    scrubbedEnvironment({ XDG_CACHE_HOME: cache, PATH: entries.join(':') }, 'm').PATH;

  it.each(Object.entries(own))('has %s nowhere', (_, folder) => {
    expect(pathFrom([folder, '/a', theirs])).toBe(`/a:${theirs}`);
    expect(pathFrom(['/a', folder, theirs, folder])).toBe(`/a:${theirs}`);
    expect(pathFrom([folder])).toBe('/usr/local/bin:/usr/bin:/bin');
  });

  it('has a project’s own programs where the shell has them', () => {
    expect(pathFrom(['/project/node_modules/.bin', '/usr/bin'])).toBe('/project/node_modules/.bin:/usr/bin');
  });

  it('has nothing of what npm puts in front of it, from wherever it was called', () => {
    const npx = ['/home/me/.npm/_npx/1a2b/node_modules/.bin', '/home/me/shop/node_modules/.bin', ofNpm];
    expect(pathFrom([dirname(nodeOfCache), ...npx, '/a', theirs])).toBe(`/a:${theirs}`);
    expect(pathFrom([...npx, ...npx, '/project/node_modules/.bin', '/a'])).toBe(
      '/project/node_modules/.bin:/a',
    );
    expect(pathFrom(npx)).toBe('/usr/local/bin:/usr/bin:/bin');
  });

  it('is always a part of the shell’s, in its order, whatever Pawl and npm put in front', () => {
    const folder = fc.constantFrom('/usr/bin', '/opt/x/bin', '/p/node_modules/.bin', '/home/me/bin', '/bin');
    const front = fc.array(fc.constantFrom(...Object.values(own)), { maxLength: 4 });
    fc.assert(
      fc.property(front, fc.boolean(), fc.array(folder, { minLength: 1 }), (before, byNpm, shell) => {
        expect(pathFrom([...before, ...(byNpm ? ['/w/node_modules/.bin', ofNpm] : []), ...shell])).toBe(
          shell.join(':'),
        );
      }),
    );
  });

  it('finds of two programs with one name that of the shell, and of Pawl’s own none', async () => {
    const program = (folder: string, name: string) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} of ${folder}"\n`, { mode: 0o755 });
    };
    for (const folder of [dirname(nodeOfCache), theirs]) program(folder, 'node');
    program(dirname(nodeOfCache), 'only-of-pawl');
    // As the launcher starts the engine on a Node that is new enough.
    const environment = withNodeFirst(nodeOfCache, {
      XDG_CACHE_HOME: cache,
      PATH: `${theirs}:/usr/bin:/bin`,
    });
    const { signal } = new AbortController();
    const place = { cwd: newFolder(), mark: `path-${process.pid}`, timeoutMs: 60_000, mask: createMask([]) };
    const run = async (name: string) =>
      (await createProgramRunner({ environment }).run({ command: [name], ...place }, signal)).output.trim();
    expect(await run('node')).toBe(`node of ${theirs}`);
    await expect(run('only-of-pawl')).rejects.toThrow(/"only-of-pawl" was not found on the PATH/);
    const said: string[] = [];
    await createCommandAgent({ environment }).run(
      {
        choice: { name: 'command', command: ['node'] },
        task: { id: 'some-task', title: 'Some task', requirement: 'Do it' },
        attempt: { number: 1, token: 'token', reason: 'first' },
        mark: place.mark,
        workspace: newFolder(),
        scratch: newFolder(),
        environment,
        mask: place.mask,
        permissions: 'ask',
        limits: {},
      },
      (event) => event.type === 'log' && said.push(event.text),
      signal,
    );
    expect(said).toEqual([`node of ${theirs}`]);
  });
});

it('gives on a proxy, but not one that carries a password', () => {
  const environment = {
    https_proxy: 'http://proxy:3128',
    HTTP_PROXY: 'http://me:word@proxy:3128',
    ALL_PROXY: 'u:p@h:1',
  };
  const scrubbed = scrubbedEnvironment(environment, 'm');
  expect(scrubbed).toMatchObject({ https_proxy: 'http://proxy:3128' });
  expect(scrubbed).not.toHaveProperty('HTTP_PROXY');
  expect(scrubbed).not.toHaveProperty('ALL_PROXY');
  expect(scrubbedEnvironment(environment, 'm', ['HTTP_PROXY']).HTTP_PROXY).toBe(environment.HTTP_PROXY);
});
