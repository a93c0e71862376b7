/** How a client starts `pawl`: by a way that stays when Node or Pawl is updated. */
import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { findProgram } from '../programs/find-program.ts';
import type { Scope } from './known-clients.ts';

export interface Installed {
  /** Where Pawl is. */
  readonly root: string;
  /** The PATH of the person's shell. */
  readonly path: string;
  /** The Node that runs. */
  readonly execPath: string;
}

/**
 * A person's client may have been started from a desktop, without the PATH of a shell, so both Node and launcher are
 * full paths there. An entry of a project is read on other machines as well: it has Pawl's name, where that starts it.
 */
export function launcherFor(
  scope: Scope,
  { root, path, execPath }: Installed,
): readonly [string, ...string[]] {
  const launcher = join(root, 'bin', 'pawl');
  const isNamed = onPath('pawl', path).some((program) => realpathSync(program) === realpathSync(launcher));
  if (scope === 'project' && isNamed) return ['pawl'];
  return [nodeFor(onPath('node', path), execPath), launcher];
}

/** Where set-up keeps a Node of its own. */
const CACHED = /[/\\]pawl[/\\]node-\d/;

/** The name under which the shell finds Node, such as /opt/homebrew/bin/node, outlives the version behind it. */
function nodeFor(named: readonly string[], execPath: string): string {
  const same = named.find((program) => realpathSync(program) === realpathSync(execPath));
  // A person may delete the cache. The launcher runs on the machine's own, older Node and fills it again.
  return same ?? (CACHED.test(execPath) ? named[0] : undefined) ?? execPath;
}

/** Folders that go with a shell (fnm), with the packages of a project (npm scripts), or with Pawl's cache. */
const PASSING = /[/\\](?:fnm_multishells|node_modules|_npx)[/\\]/;

const onPath = (name: string, path: string): readonly string[] =>
  path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !PASSING.test(`${folder}/`))
    .map((folder) => findProgram(name, { path: folder, cwd: '/' }))
    .filter((program) => program !== undefined);
