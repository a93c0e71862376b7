/** Whether a folder is a submodule still, of all that can be known of it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GitlinkPlace, isGitlink } from '../../src/domain/gitlink-places.ts';

const PLACE: GitlinkPlace = {
  indexed: 'gitlink',
  isKnown: true,
  holds: 'repository',
  isKept: true,
  isTakenOut: false,
  isNamed: true,
};

it.each<[string, Partial<GitlinkPlace>, boolean]>([
  ['as it was', {}, true],
  ['not checked out', { holds: 'nothing', isKept: false }, true],
  ['not checked out, moved there', { holds: 'nothing', isKept: false, isKnown: false }, true],
  ['not checked out, taken out', { holds: 'nothing', isKept: false, indexed: 'nothing' }, false],
  ['without its repository', { holds: 'files', isKept: false }, true],
  ['files, and nothing names it', { holds: 'files', isKept: false, isNamed: false }, false],
  ['files that git was told of', { indexed: 'files' }, false],
  ['files where it is taken out', { holds: 'files', isKept: false, indexed: 'nothing' }, false],
  ['taken out, its repository left', { indexed: 'nothing', isTakenOut: true, isNamed: false }, false],
  ['moved without git', { indexed: 'nothing', isNamed: false }, true],
  ['added', { isKnown: false }, true],
  ['a clone that was added as one', { isKnown: false, isKept: false }, true],
  ['a clone that git was told of', { isKnown: false, isKept: false, isNamed: false }, false],
  ['of an index that nobody can read', { indexed: undefined, holds: 'nothing' }, true],
])('%s: %o', (_, facts, is) => {
  expect(isGitlink({ ...PLACE, ...facts })).toBe(is);
});

const ANY = fc.record<GitlinkPlace>({
  indexed: fc.constantFrom('gitlink', 'files', 'nothing', undefined),
  isKnown: fc.boolean(),
  holds: fc.constantFrom('nothing', 'files', 'repository'),
  isKept: fc.boolean(),
  isTakenOut: fc.boolean(),
  isNamed: fc.boolean(),
});

it('files that the agent’s index has are never lost', () => {
  fc.assert(fc.property(ANY, (place) => !isGitlink({ ...place, indexed: 'files' })));
});

it('files without a repository that no `.gitmodules` names are never lost', () => {
  fc.assert(fc.property(ANY, (place) => !isGitlink({ ...place, holds: 'files', isNamed: false })));
});

it('naming it takes no submodule away', () => {
  fc.assert(fc.property(ANY, (place) => !isGitlink(place) || isGitlink({ ...place, isNamed: true })));
});
