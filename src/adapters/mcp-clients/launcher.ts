/** How a client starts `pawl`: by a way that stays when Node or Pawl is updated. */
import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { findProgram } from '../find-program.ts';
import type { Scope } from './clients.ts';

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
  const named = findProgram('pawl', { path: lasting(path), cwd: '/' });
  if (scope === 'project' && named !== undefined && realpathSync(named) === realpathSync(launcher))
    return ['pawl'];
  // The launcher runs on any Node and goes on with the right one. The name under which the shell finds Node (a link such
  // as /opt/homebrew/bin/node) outlives the version that it leads to, which is what `execPath` says.
  return [findProgram('node', { path: lasting(path), cwd: '/' }) ?? execPath, launcher];
}

/** Folders that go with a shell (fnm), with packages of a project, or with Pawl's cache, which a person may delete. */
const PASSING = /[/\\](?:fnm_multishells|node_modules|_npx)[/\\]/;

const lasting = (path: string): string =>
  path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !PASSING.test(`${folder}/`))
    .join(delimiter);
