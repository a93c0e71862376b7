/** What the text of a file that a check runs through names further. Pure. */
import { isMakefile, makefileParts } from './builders.ts';
import { codeLookups, shellLookups } from './commands.ts';
import { folderOf, type Lookup, nameOf, type Place, pathsOf, type Reads, run } from './lookup.ts';
import { scriptTexts } from './package-runs.ts';
import { namedBySettings } from './settings-text.ts';

/**
 * @param isTest what it is about is what it loads: only commands are looked at
 * @param changed folders in which the change touches something
 */
export function followed(
  { path, text, reads }: { readonly path: string; readonly text: string; readonly reads: Reads },
  { isTest, changed }: { readonly isTest: boolean; readonly changed: readonly string[] },
): Lookup[] {
  const beside = folderOf(path);
  const placeIn = (cwd: string): Place => ({ cwd, beside, changed });
  switch (reads.kind) {
    case 'nothing':
      return [];
    case 'scripts':
      return scriptTexts(text, reads.names).flatMap((one) => shellLookups(one, placeIn(beside)));
    case 'settings':
      return isTest ? [] : namedBySettings(path, text);
    case 'shell':
      return shellLookups(text, placeIn(reads.cwd));
    case 'makefile': {
      const { included, shell } = makefileParts(text, reads.targets);
      return [
        ...included.flatMap((one) => run(pathsOf(one, placeIn(reads.cwd)), reads)),
        ...shellLookups(shell, placeIn(reads.cwd)),
      ];
    }
    case 'program':
      if (isMakefile(path))
        return followed(
          { path, text, reads: { ...reads, kind: 'makefile', targets: [] } },
          { isTest, changed },
        );
      if (isShellText(path, text)) return shellLookups(text, placeIn(reads.cwd));
      return isTest || !isCode(path, text) ? [] : codeLookups(text, placeIn(reads.cwd));
    default:
      return reads satisfies never;
  }
}

function isShellText(path: string, text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  if (first.startsWith('#!')) return /\b(?:ba|da|z|k|a)?sh\b/.test(first);
  return /\.(?:sh|bash|zsh|ksh)$/.test(path) || !nameOf(path).includes('.');
}

const isCode = (path: string, text: string): boolean =>
  /\.(?:[cm]?[jt]sx?|py|rb|pl|php|lua|groovy|jl)$/.test(path) ||
  /^[Rr]akefile/.test(nameOf(path)) ||
  text.startsWith('#!');
