/**
 * The files of a checkout as the user's own git takes them: with those settings of the user and the machine that say how
 * files are written and compared. None of them names a program; a filter that their attributes name is the user's to run.
 */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readWhole } from '../files/atomic-file.ts';
import { wholeConfiguration } from './configuration.ts';
import { type GitPlace, git, type Setting } from './run-git.ts';

const ATTRIBUTES = 'core.attributesfile';
const EXCLUDES = 'core.excludesfile';
const NAMES = [
  ATTRIBUTES,
  EXCLUDES,
  'core.autocrlf',
  'core.eol',
  'core.filemode',
  'core.symlinks',
  'core.ignorecase',
  'core.trustctime',
  'core.checkstat',
  'core.precomposeunicode',
];
/** Without one of these words a file sets none of them, and git need not be asked. */
const SETS =
  /attributesfile|excludesfile|autocrlf|eol|filemode|symlinks|ignorecase|trustctime|checkstat|precompose|include/i;

/** @param commonDir where the configuration of the place is */
export async function asUserTakesIt(place: GitPlace, commonDir: string): Promise<GitPlace> {
  const found = await foundSettings(place, commonDir);
  const attributes = found.get(ATTRIBUTES) ?? ofUser('attributes');
  found.delete(ATTRIBUTES);
  found.delete(EXCLUDES);
  const settings: Setting[] = [...found];
  if (await isFile(attributes)) settings.push([ATTRIBUTES, attributes]);
  return {
    ...place,
    env: { ...place.env, GIT_ATTR_NOSYSTEM: 'false' },
    config: [...(place.config ?? []), ...settings],
  };
}

/**
 * For what only asks which files are ignored: with the user's own ignore file, which counts in all their repositories. A
 * command that writes files must not have it, because git takes what is ignored for something that it may overwrite.
 * @param commonDir where the configuration of the place is
 */
export async function ignoringAsUser(place: GitPlace, commonDir: string): Promise<GitPlace> {
  const file = await ignoreFileOf(place, commonDir);
  return file === undefined ? place : { ...place, config: [...(place.config ?? []), [EXCLUDES, file]] };
}

/** The user's own ignore file, where there is one. @param commonDir where the configuration of the place is */
export async function ignoreFileOf(place: GitPlace, commonDir: string): Promise<string | undefined> {
  const file = resolve(place.cwd, (await foundSettings(place, commonDir)).get(EXCLUDES) ?? ofUser('ignore'));
  return (await isFile(file)) ? file : undefined;
}

/**
 * Whether the user's own git puts files through Git LFS, as `git lfs install` has told it: of the repository, the user or the machine.
 * @param commonDir where the configuration of the place is
 */
export async function usesLfs(place: GitPlace, commonDir: string): Promise<boolean> {
  const own = await wholeConfiguration(commonDir);
  const texts = await textsOfUser();
  if (own !== undefined && ![own, ...texts].some((text) => /lfs|include/i.test(text ?? ''))) return false;
  const args = ['config', '--show-scope', '-z', '--get-regexp', '^filter\\.lfs\\.(process|smudge)$'];
  const { stdout } = await git(asUser(place), args, { accept: [1] });
  // What the engine sets itself is none of theirs.
  return stdout
    .toString('utf8')
    .split('\0')
    .some((field, at) => at % 2 === 0 && field !== '' && field !== 'command');
}

/** Filters without which the user's own git keeps no content, as settings of the repository, the user or the machine say. */
export async function requiredFilters(place: GitPlace): Promise<ReadonlySet<string>> {
  const args = ['config', '--show-scope', '-z', '--type=bool', '--get-regexp', '^filter\\..*\\.required$'];
  const { stdout } = await git(asUser(place), args, { accept: [1, 128] });
  const fields = stdout.toString('utf8').split('\0');
  const required = new Map<string, boolean>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope, setting = ''] = fields.slice(at);
    const [, name = '', value] = /^filter\.(.*)\.required\n(true|false)$/s.exec(setting) ?? [];
    // The strongest comes last.
    if (scope !== 'command' && value !== undefined) required.set(name, value === 'true');
  }
  return new Set([...required].flatMap(([name, isRequired]) => (isRequired ? [name] : [])));
}

async function foundSettings(place: GitPlace, commonDir: string): Promise<Map<string, string>> {
  const texts = await textsOfUser();
  const own = await wholeConfiguration(commonDir);
  const mustAsk =
    texts.some((text) => SETS.test(text ?? '')) ||
    own === undefined ||
    /attributesfile|excludesfile/i.test(own);
  return mustAsk ? settingsOf(place) : new Map();
}

/** Where git looks for a file of the user's that no setting names. */
function ofUser(name: string): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'git', name);
}

async function textsOfUser(): Promise<readonly (string | undefined)[]> {
  const { XDG_CONFIG_HOME = join(homedir(), '.config') } = process.env;
  const files = ['/etc/gitconfig', join(homedir(), '.gitconfig'), join(XDG_CONFIG_HOME, 'git', 'config')];
  return Promise.all(files.map((file) => readWhole(file).catch(() => undefined)));
}

function asUser(place: GitPlace): GitPlace {
  const { HOME, XDG_CONFIG_HOME, GIT_CONFIG_GLOBAL } = process.env;
  const theirs = {
    HOME: HOME ?? homedir(),
    XDG_CONFIG_HOME,
    GIT_CONFIG_GLOBAL,
    GIT_CONFIG_NOSYSTEM: 'false',
  };
  return { ...place, env: { ...place.env, ...theirs } };
}

/** The strongest of each, of the machine, the user and the repository. */
async function settingsOf(place: GitPlace): Promise<Map<string, string>> {
  const pattern = `^(${NAMES.join('|').replaceAll('.', '\\.')})$`;
  const args = ['config', '--show-scope', '-z', '--type=path', '--get-regexp', pattern];
  const { stdout } = await git(asUser(place), args, { accept: [1] });
  const fields = stdout.toString('utf8').split('\0');
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope, setting = ''] = fields.slice(at);
    const end = setting.indexOf('\n');
    // What the engine sets itself comes last. A name alone means yes.
    if (scope === 'command') continue;
    found.set(end < 0 ? setting : setting.slice(0, end), end < 0 ? 'true' : setting.slice(end + 1));
  }
  return found;
}

export const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() === true;
