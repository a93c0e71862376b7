/** Where submodules are fetched from; what plain git makes of a relative address is the oracle. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../src/adapters/git/submodule-address.ts';
import { newRepository, put, userGit } from '../scratch-repository.ts';

const HTTPS = 'https://example.org/team/app.git';
const SSH = 'git@example.org:team/app.git';

it.each([
  [HTTPS, '../lib.git'],
  [HTTPS, './lib.git'],
  [HTTPS, '../../other/lib'],
  [SSH, '../lib.git'],
  [SSH, '../../lib.git'],
  ['ssh://git@example.org/team/app.git', '../lib.git'],
  ['/srv/git/app.git', '../lib.git'],
  ['/srv/git/app.git', '../../lib'],
])('of a remote %s takes %s as git does', (from, written) => {
  const repository = newRepository({ a: 'a' });
  userGit(repository, 'remote', 'add', 'origin', from);
  put(repository, { '.gitmodules': `[submodule "lib"]\n\tpath = lib\n\turl = ${written}\n` });
  userGit(repository, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
  userGit(repository, 'submodule', '--quiet', 'init');
  expect(addressOf(written, from).at).toBe(userGit(repository, 'config', 'submodule.lib.url'));
});

describe('an address', () => {
  it.each([
    ['https://example.org/lib', HTTPS, { kind: 'network', at: 'https://example.org/lib' }],
    ['http://127.0.0.1:8/lib', HTTPS, { kind: 'network', at: 'http://127.0.0.1:8/lib' }],
    ['git@example.org:team/lib.git', HTTPS, { kind: 'network', at: 'https://example.org/team/lib.git' }],
    ['ssh://git@example.org/team/lib', HTTPS, { kind: 'network', at: 'https://example.org/team/lib' }],
    ['git@elsewhere.org:team/lib.git', HTTPS, { kind: 'ssh', at: 'git@elsewhere.org:team/lib.git' }],
    ['git@example.org:team/lib.git', SSH, { kind: 'ssh', at: 'git@example.org:team/lib.git' }],
    ['/srv/lib', '/srv/app', { kind: 'local', at: '/srv/lib' }],
    ['file:///srv/lib', '/srv/app', { kind: 'local', at: '/srv/lib' }],
  ])('%s of %s is one', (written, from, address) => {
    expect(addressOf(written, from)).toEqual(address);
  });

  it.each([
    ['ext::sh -c touch% x', '/srv/app', /names a program/],
    ['::x', '/srv/app', /names a program/],
    ['fd::7', HTTPS, /names a program/],
    ['-u./payload', '/srv/app', /begins with a hyphen/],
    ['--upload-pack=x', HTTPS, /begins with a hyphen/],
    ['', HTTPS, /is none/],
    ['https://example.org/a\nb', HTTPS, /is none/],
    [`https://example.org/${'a'.repeat(2_000)}`, HTTPS, /is none/],
    ['lib', '/srv/app', /no address/],
    ['..', '/srv/app', /no address/],
    ['git://example.org/lib', HTTPS, /neither of https nor of ssh/],
    ['http://example.org/lib', HTTPS, /neither of https nor of ssh/],
    ['https://me:secret@example.org/lib', HTTPS, /a name or password/],
    ['../../../lib', HTTPS, /leads out of/],
    ['/srv/lib', HTTPS, /folder of this machine/],
    ['file:///srv/lib', SSH, /folder of this machine/],
    ['file://elsewhere/srv/lib', '/srv/app', /no address/],
  ])('%j of %s is none', (written, from, why) => {
    const address = addressOf(written, from);
    expect(address).toMatchObject({ kind: 'none', why: expect.stringMatching(why) });
    expect(JSON.stringify(address)).not.toContain('secret');
  });

  it('beside a repository without a remote is beside that', () => {
    expect(addressOf('../lib', join('/home', 'me', 'app')).at).toBe('/home/me/lib');
  });
});
