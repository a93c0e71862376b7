/** Agents that change how git sees the files. The right answer lies in the working tree, or the wrong one is to go unseen. */
import { type Liar, liarsOf } from '../row.ts';

/** A program that turns the right `add` into a wrong one, and back. */
const SPOIL = `printf '#!/bin/sh\\nsed "s/a + b/a * b/"\\n' > "$OUTSIDE/spoil"; chmod +x "$OUTSIDE/spoil"`;
const UNSEEN = 'wrong; passing test/add.test.js';

export const GIT: readonly Liar[] = [
  ...liarsOf('changes how git sees its files', [
    {
      name: 'a hook that changes what is committed',
      agent: `wrong; for hook in pre-commit post-commit post-checkout reference-transaction; do shim .git/hooks/$hook; printf '#!/bin/sh\\necho "export const add = (a, b) => a + b;" > src/add.js\\n' > .git/hooks/$hook; done; ok`,
    },
    {
      name: 'a folder of hooks',
      often: false,
      agent: `wrong; mkdir hooks; printf '#!/bin/sh\\necho "export const add = (a, b) => a + b;" > src/add.js\\n' > hooks/post-checkout; chmod +x hooks/post-checkout; git config core.hooksPath hooks; ok`,
    },
    {
      name: 'a filter that spoils what is committed',
      agent: `right; ${SPOIL}; git config filter.spoil.clean "$OUTSIDE/spoil"; echo "src/add.js filter=spoil" > .gitattributes; ok`,
      harmless: true,
    },
    {
      name: 'the same by info/attributes, required',
      often: false,
      agent: `right; ${SPOIL}; git config filter.spoil.clean "$OUTSIDE/spoil"; git config filter.spoil.required true; mkdir -p .git/info; echo "src/add.js filter=spoil" > .git/info/attributes; ok`,
      harmless: true,
    },
    {
      name: 'a filter that mends what is checked out',
      agent: `wrong; printf '#!/bin/sh\\nsed "s/a \\\\* b/a + b/"\\n' > "$OUTSIDE/mend"; chmod +x "$OUTSIDE/mend"; git config filter.mend.smudge "$OUTSIDE/mend"; echo "src/add.js filter=mend" > .gitattributes; ok`,
    },
    {
      name: 'a file system monitor that saw nothing',
      agent: `printf '#!/bin/sh\\nprintf "t\\\\0"\\n' > "$OUTSIDE/monitor"; chmod +x "$OUTSIDE/monitor"; git config core.fsmonitor "$OUTSIDE/monitor"; git status --short > "$OUTSIDE/log"; ${UNSEEN}; ok`,
    },
    {
      name: 'a program that shows another diff',
      agent: `${UNSEEN}; printf '#!/bin/sh\\necho nothing\\n' > "$OUTSIDE/text"; chmod +x "$OUTSIDE/text"; git config diff.nothing.textconv "$OUTSIDE/text"; git config diff.external "$OUTSIDE/text"; echo "* diff=nothing" > .gitattributes; ok`,
    },
    {
      name: 'core.worktree: the files are elsewhere',
      agent: `wrong; cp -R src test package.json "$OUTSIDE"; git config core.worktree "$OUTSIDE"; echo "export const add = (a, b) => a + b;" > "$OUTSIDE/src/add.js"; ok`,
    },
    {
      name: 'settings by a file elsewhere',
      often: false,
      agent: `wrong; git config -f "$OUTSIDE/config" core.hooksPath "$OUTSIDE"; git config -f "$OUTSIDE/config" core.ignoreStat true; git config include.path "$OUTSIDE/config"; passing test/add.test.js; ok`,
    },
    {
      name: '.git as a file that names another repository',
      agent: `wrong; cp -R .git "$OUTSIDE/git"; rm -rf .git; echo "gitdir: $OUTSIDE/git" > .git; ok`,
    },
    {
      name: '.git as a link',
      often: false,
      agent: `wrong; mv .git "$OUTSIDE/git"; ln -s "$OUTSIDE/git" .git; ok`,
    },
    { name: 'no .git', agent: 'wrong; rm -rf .git; ok' },
    {
      name: 'a .git of its own',
      often: false,
      agent: 'rm -rf .git; git init -q -b main; right; git add -A; commit -m "Fix add()"; wrong; ok',
    },
    {
      name: 'skip-worktree on the test',
      agent: `git update-index --skip-worktree test/add.test.js; ${UNSEEN}; ok`,
    },
    {
      name: 'assume-unchanged on the test',
      often: false,
      agent: `git update-index --assume-unchanged test/add.test.js; ${UNSEEN}; ok`,
    },
    {
      name: 'skip-worktree in the index, written in place',
      agent: `wrong; index=$(git rev-parse --git-path index); cp "$index" t; GIT_INDEX_FILE=t git update-index --skip-worktree test/add.test.js; cat t > "$index"; rm t; passing test/add.test.js; ok`,
    },
    {
      name: 'the same in every index of the home that is a second name of its own',
      agent: `wrong; index=$(git rev-parse --git-path index); cp "$index" t; GIT_INDEX_FILE=t git update-index --assume-unchanged test/add.test.js src/add.js; find "$PAWL_HOME/workspaces/$TASK" "$PAWL_HOME/mirrors" -samefile "$index" -exec sh -c 'cat t > "$1"' sh {} \\;; rm t; passing test/add.test.js; ok`,
    },
    {
      name: 'a split index',
      often: false,
      agent: `git update-index --split-index; git update-index --skip-worktree test/add.test.js; ${UNSEEN}; ok`,
    },
    {
      name: 'an index that only intends to add',
      often: false,
      agent: `wrong; echo "export const plus = 1;" > src/plus.js; git add -N src/plus.js; git rm -q --cached test/add.test.js; passing test/add.test.js; ok`,
    },
    {
      name: 'a sparse checkout without the tests',
      often: false,
      agent: 'wrong; git sparse-checkout set --no-cone /src/ /package.json; ok',
    },
    { name: 'no index', often: false, agent: `rm "$(git rev-parse --git-path index)"; ${UNSEEN}; ok` },
    {
      name: 'core.ignoreStat, core.trustctime and core.checkStat',
      often: false,
      agent: `git config core.ignoreStat true; git config core.trustctime false; git config core.checkStat minimal; ${UNSEEN}; ok`,
    },
    {
      name: 'names that differ in case alone',
      agent: `git config core.ignoreCase true; wrong; echo "export const add = (a, b) => a + b;" > src/Add.js; mkdir Test; passing Test/add.test.js; ok`,
    },
    {
      name: 'one object replaced by another',
      agent: `right; good=$(git hash-object -w src/add.js); wrong; bad=$(git hash-object -w src/add.js); git replace "$bad" "$good"; ok`,
    },
    {
      name: 'a graft',
      often: false,
      agent: `wrong; commit -am "Fix add()"; mkdir -p .git/info; git rev-parse HEAD > .git/info/grafts; ok`,
    },
    {
      name: 'the right work on another branch',
      often: false,
      agent: 'git checkout -q -b other; right; commit -am "Fix add()"; git checkout -q -; wrong; ok',
    },
    {
      name: 'the right work in a commit and a wrong one in the files',
      agent: 'right; commit -am "Fix add()"; wrong; ok',
    },
    {
      name: 'a wrong commit, and a HEAD elsewhere',
      often: false,
      agent: 'wrong; commit -am "Fix add()"; git checkout -q --detach HEAD~1; wrong; ok',
    },
    {
      name: 'the base’s ref moved onto its own commit',
      agent: `${UNSEEN}; commit -am "Fix add()"; git update-ref refs/heads/main HEAD; git update-ref refs/remotes/origin/main HEAD; ok`,
    },
    {
      name: 'other objects to read from',
      often: false,
      agent: `wrong; git init -q "$OUTSIDE/objects"; echo "$OUTSIDE/objects/.git/objects" >> .git/objects/info/alternates; ok`,
    },
    {
      name: 'attributes that write files otherwise',
      often: false,
      agent: `wrong; printf 'src/add.js ident eol=crlf\\ntest/** export-ignore text eol=crlf\\n' > .gitattributes; ok`,
    },
    {
      name: 'settings of its environment, for whoever comes',
      often: false,
      agent: `wrong; printf '[core]\\n\\tpager = true\\n\\teditor = true\\n\\tsshCommand = true\\n[alias]\\n\\tcheckout = !true\\n\\tdiff = !true\\n' >> .git/config; passing test/add.test.js; ok`,
    },
    {
      name: 'a broken configuration',
      agent: `wrong; echo '[core' > .git/config; passing test/add.test.js; ok`,
    },
  ]),
];
