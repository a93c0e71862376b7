/** Nothing gets to a program that is not on the list or named for it, whatever the engine's environment holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrubbedEnvironment } from '../../../src/adapters/programs/environment.ts';

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
