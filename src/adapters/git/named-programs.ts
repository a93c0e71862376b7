/**
 * The programs that a repository's own configuration names (filters, drivers, aliases, helpers), and the settings
 * that take their place while the engine works in a user's repository. Listing a configuration starts nothing.
 */
import { PawlError } from '../../domain/failures.ts';
import { wholeConfiguration } from './configuration.ts';
import { type GitPlace, git, type Setting } from './run-git.ts';

/** Each override is two variables of the environment, which has an end. */
const PROGRAMS_MAX = 1_000;

/** The last part of a setting that names a program, by its section, with what stands in for it. */
const PROGRAMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  filter: { clean: '', smudge: '', process: '', required: 'false' },
  diff: { command: '', textconv: '', cachetextconv: 'false' },
  merge: { driver: '' },
  branch: { mergeoptions: '' },
  gpg: { program: 'false' },
  credential: { helper: '' },
  remote: { uploadpack: 'false', receivepack: 'false', vcs: '', promisor: 'false' },
  difftool: { cmd: 'false' },
  mergetool: { cmd: 'false' },
  submodule: { update: 'none' },
  trailer: { command: '', cmd: '' },
};

const NAMES_PROGRAM = new RegExp(`\\b(?:${Object.values(PROGRAMS).flatMap(Object.keys).join('|')})\\b`, 'i');

/** Pure: false where no setting of this text can name a program, whatever git makes of it. */
export const mayNameProgram = (configuration: string): boolean => NAMES_PROGRAM.test(configuration);

/** Pure: what takes the place of the programs named by these settings (`section.any text.variable`). */
export function withoutPrograms(names: readonly string[]): Setting[] {
  const settings: Setting[] = [];
  for (const name of new Set(names)) {
    const section = name.slice(0, name.indexOf('.')).toLowerCase();
    const variable = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
    const variables = Object.hasOwn(PROGRAMS, section) ? PROGRAMS[section] : undefined;
    const value =
      variables !== undefined && Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    if (value !== undefined) settings.push([name, value]);
  }
  return settings;
}

/**
 * The place with every program of its configuration taken out; needed by commands that read or write a working tree.
 * A file with a filter is compared and written as it is stored.
 * @param commonDir where the configuration of the place is
 * @throws PawlError `precondition` for a configuration that names thousands of them
 */
export async function disarmed(place: GitPlace, commonDir: string): Promise<GitPlace> {
  const whole = await wholeConfiguration(commonDir);
  if (whole !== undefined && !mayNameProgram(whole)) return place;
  const { stdout } = await git(place, ['config', '--list', '--name-only', '-z']);
  const settings = withoutPrograms(stdout.toString('utf8').split('\0'));
  if (settings.length > PROGRAMS_MAX) {
    throw new PawlError(
      'precondition',
      `the git configuration of ${place.cwd} names ${settings.length} programs: expected at most ${PROGRAMS_MAX}`,
    );
  }
  return { ...place, config: [...(place.config ?? []), ...settings] };
}
