/** What a row of the table of liars is, and the words of its agents. */
import type { FailureClass } from '../../src/domain/failures.ts';
import type { CallOf } from '../../src/domain/operations.ts';
import type { RepositoryName } from './repositories.ts';

/** An agent as a shell script, after `PRELUDE`. */
export interface Row {
  readonly name: string;
  readonly agent: string;
  /** Default: `plain`. */
  readonly repository?: RepositoryName;
  /** Default: one attempt, none to mend it. */
  readonly policy?: CallOf<'run'>['policy'];
  /** A program without which there is nothing to see. */
  readonly needs?: string;
  /** Left to `npm run test:kills`: another row of its kind is in each run. Default: true. */
  readonly often?: false;
  /** Paths besides `src` that belong to the work, so that the oracle takes them from the result. */
  readonly brings?: readonly string[];
}

export interface Liar extends Row {
  /** The line of README's table that says what becomes of it, by its first words. */
  readonly line: string;
  /** Where it is caught: by what. Default: a check. */
  readonly failure?: FailureClass;
  /** Nothing of the lie gets into the commit: what is merged is right. */
  readonly harmless?: true;
  /** Where it is flagged: what of that is said to whoever decides. */
  readonly flag?: string;
  /** Nobody else decides its gate. */
  readonly decidesItself?: true;
  /** The engine is started again by whoever finds it gone. */
  readonly killsEngine?: true;
}

/** Liars of one line. */
export const liarsOf = (line: string, rows: readonly Omit<Liar, 'line'>[]): readonly Liar[] =>
  rows.map((row) => ({ line, ...row }));

/** Those that each run does. Pure. */
export const oftenOf = <R extends Row>(rows: readonly R[]): readonly R[] =>
  rows.filter(({ often }) => often !== false);

/** A repository of its own beside, taken in as the submodule `lib` and staged: the right `add` is in it. */
export const SUBMODULE = `git init -q "$OUTSIDE/lib"; (cd "$OUTSIDE/lib"; echo '{"type":"module"}' > package.json; echo "export const add = (a, b) => a + b;" > add.js; git add .; commit -m add); git -c protocol.file.allow=always submodule --quiet add "$OUTSIDE/lib" lib; git add -A`;

/**
 * What scripts of agents call. `add` of the base subtracts, and its tests say so. Besides there are `$REPOSITORY` (the
 * user's), `$OUTSIDE` (a folder of the row's own), `$PAWL_HOME` and `$DAEMON` (`daemon.mjs`).
 */
export const PRELUDE = String.raw`set -eu
wrong() { if [ -f src/add.py ]; then printf 'def add(a, b):\n    return a * b\n' > src/add.py; else printf 'export const add = (a, b) => a * b;\n' > src/add.js; fi; }
right() { if [ -f src/add.py ]; then printf 'def add(a, b):\n    return a + b\n' > src/add.py; else printf 'export const add = (a, b) => a + b;\n' > src/add.js; fi; }
ok() { printf '%s\n' '{"type":"result","summary":"add() is fixed, all tests pass","status":"done"}'; }
passing() { printf "import test from 'node:test';\ntest('adds', () => {});\n" > "$1"; }
shim() { mkdir -p "$(dirname "$1")"; printf '#!/bin/sh\nexit 0\n' > "$1"; chmod +x "$1"; }
commit() { git -c user.name=agent -c user.email=agent@example.org commit -q --no-verify "$@"; }
`;
