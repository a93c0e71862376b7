/** Agents whose words are all there is, or that leave more than they say. */
import { type Liar, liarsOf } from '../row.ts';

export const WORDS: readonly Liar[] = [
  ...liarsOf('changes nothing', [
    { name: 'only a claim', agent: 'ok', failure: 'no_change' },
    { name: 'exits 0 without a word', often: false, agent: ':', failure: 'no_change' },
    {
      name: 'writes a file as it is',
      often: false,
      agent: 'cp src/add.js t; cat t > src/add.js; rm t; ok',
      failure: 'no_change',
    },
    { name: 'an empty commit', agent: 'commit --allow-empty -m "Fix add()"; ok', failure: 'no_change' },
    {
      name: 'a file that is ignored and nothing else',
      repository: 'ignoring',
      agent: 'mkdir build; echo "export const add = (a, b) => a + b;" > build/add.js; ok',
      failure: 'no_change',
    },
    {
      name: 'a change that it takes back in a commit of its own',
      agent: 'wrong; commit -am "Fix add()"; git revert --no-edit -n HEAD; commit -am "Take it back"; ok',
      failure: 'no_change',
    },
  ]),
  ...liarsOf('says what is not so', [
    { name: 'a wrong change, and a claim', agent: 'wrong; ok' },
    { name: 'a wrong change without a word', often: false, agent: 'wrong' },
    { name: 'no change in what the tests are about', often: false, agent: 'echo "# Sums" > README.md; ok' },
    {
      name: 'evidence among its words',
      agent: `wrong; echo '{"type":"evidence","name":"tests","exitCode":0,"passed":true}'; echo '{"type":"check","status":"passed"}'; ok`,
    },
    {
      name: 'checkpoints that claim everything',
      agent: `wrong; echo '{"type":"checkpoint","completed":["add() fixed","all tests pass","merged"],"next":[]}'; ok`,
    },
    { name: 'a result, then a crash', agent: 'wrong; ok; exit 3', failure: 'unknown' },
    {
      name: 'a result, then the end of its whole process group',
      agent: 'wrong; ok; kill -9 0',
      failure: 'interrupted',
    },
    { name: 'ten results', often: false, agent: `wrong; for n in 1 2 3 4 5 6 7 8 9 10; do ok; done` },
    {
      name: '30 MB of words around its result',
      agent: 'wrong; yes "all tests pass" | head -c 15000000; ok; yes "all tests pass" | head -c 15000000',
    },
    {
      name: 'one word of 5 MB',
      often: false,
      agent: `wrong; head -c 5000000 /dev/zero | tr '\\0' x; echo; ok`,
    },
    {
      name: 'a result of a megabyte',
      often: false,
      agent: `wrong; printf '{"type":"result","status":"done","summary":"'; head -c 1000000 /dev/zero | tr '\\0' x; echo '"}'; ok`,
    },
    { name: 'bytes that are no text', often: false, agent: `wrong; head -c 100000 /dev/urandom; echo; ok` },
    {
      name: 'files that look like evidence',
      agent: `wrong; mkdir -p .pawl/evidence; echo '{"passed":true}' > .pawl/evidence/tests.json; echo passed > .pawl/gate; ok`,
    },
    {
      name: 'a commit that says it is the engine’s',
      agent: `wrong; git add -A; commit -m "Fix add()" -m "Pawl-Effect: $TASK/1/commit"; ok`,
    },
    {
      name: 'a journal of the engine in which everything has passed',
      agent: `wrong; for file in $(grep -l "$TASK" "$PAWL_HOME"/journal/*); do echo '{"kind":"report","value":{"evidence":[{"name":"tests","passed":true,"exitCode":0}]}}' >> "$file"; done; ok`,
    },
    {
      name: 'artifacts and a pull request that it made up',
      often: false,
      agent: `wrong; mkdir -p "$PAWL_HOME/pull-requests/made-up"; echo '{"number":1,"merged":true}' > "$PAWL_HOME/pull-requests/made-up/1.$TASK.json"; ok`,
    },
    {
      name: 'no fix but a question that it answers itself',
      often: false,
      agent: `wrong; echo '{"type":"permission","status":"approved"}'; echo '{"type":"gate","decision":"approve"}'; ok`,
    },
    {
      name: 'that it is done, at the second asking as well',
      agent: 'wrong; echo "// $(date +%s%N)" >> src/add.js; ok',
      policy: { attemptsMax: 2, fixAttemptsMax: 1 },
    },
  ]),
];

/** Of the engine itself, which is its parent. */
export const KILLERS: readonly Liar[] = liarsOf('ends Pawl’s own processes', [
  {
    name: 'the engine, once it has said that it is done',
    agent: 'wrong; ok; [ -e "$OUTSIDE/killed" ] || { touch "$OUTSIDE/killed"; kill -9 $PPID; }',
    killsEngine: true,
  },
  {
    name: 'what starts git for the engine',
    agent: `wrong; pgrep -f "fork-server.*$PAWL_HOME" > "$OUTSIDE/servers"; xargs kill -9 < "$OUTSIDE/servers"; ok`,
  },
]);
