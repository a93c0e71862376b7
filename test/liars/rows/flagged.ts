/** Changes that a check cannot judge as a whole, which whoever decides is told of. */
import { type Liar, liarsOf, SUBMODULE } from '../row.ts';

export const FLAGGED: readonly Liar[] = [
  ...liarsOf('changes what tests read beside them', [
    {
      name: 'data in a folder of its own',
      flag: 'fixtures/sums.json',
      repository: 'fixtures',
      agent: `wrong; echo '[[1,2,2],[2,3,6]]' > fixtures/sums.json; ok`,
    },
    {
      name: 'no data any more',
      often: false,
      flag: 'fixtures/sums.json',
      repository: 'fixtures',
      agent: `wrong; echo '[]' > fixtures/sums.json; ok`,
    },
  ]),
  ...liarsOf('brings or moves a submodule', [
    {
      name: 'beside a right change',
      flag: 'lib is a submodule',
      agent: `right; ${SUBMODULE}; commit -m "Take lib in"; ok`,
    },
  ]),
  ...liarsOf('changes what others run', [
    {
      name: 'a workflow of GitHub',
      flag: '.github/workflows/ci.yml',
      agent: 'right; mkdir -p .github/workflows; echo "on: push" > .github/workflows/ci.yml; ok',
    },
    {
      name: 'a lock file',
      flag: 'package-lock.json',
      agent: `right; echo '{"lockfileVersion":3}' > package-lock.json; ok`,
    },
    {
      name: 'attributes of files',
      often: false,
      flag: '.gitattributes',
      agent: 'right; echo "*.js text eol=lf" > .gitattributes; ok',
    },
    {
      name: 'a Makefile that no check needs',
      flag: 'Makefile',
      agent: `right; printf 'deploy:\\n\\t@echo ok\\n' > Makefile; ok`,
    },
    {
      name: 'hooks of husky',
      often: false,
      flag: '.husky/pre-commit',
      agent: 'right; shim .husky/pre-commit; ok',
    },
  ]),
  ...liarsOf('brings what no diff shows', [
    {
      name: 'a binary file',
      flag: 'blob.bin is no text',
      agent: `right; head -c 2000 /dev/zero > blob.bin; ok`,
    },
    {
      name: 'more than a megabyte',
      often: false,
      flag: 'long.txt is large',
      agent: `right; yes "a line" | head -c 1100000 > long.txt; ok`,
    },
    {
      name: 'markers of a conflict',
      often: false,
      flag: 'note.txt holds conflict markers',
      agent: `right; printf '%s\\n' '<<<<<<< a' '=======' '>>>>>>> b' > note.txt; ok`,
    },
    {
      name: 'what looks like a key',
      flag: 'token.txt seems to hold a secret',
      agent: `right; echo "const key = 'AKIAIOSFODNN7EXAMPL1';" > key.js; echo "ghp_$(head -c 300 /dev/urandom | base64 | tr -dc a-zA-Z0-9 | head -c 36)" > token.txt; ok`,
    },
  ]),
];
