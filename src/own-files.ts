/** Files of this host that go to an engine elsewhere, which cannot read them. */
import { readOwnFile } from './adapters/files/allowed-file.ts';
import { readSessionFile, realDirectory } from './adapters/files/session-files.ts';
import { type Config, placesIn } from './config.ts';
import { PawlError } from './domain/failures.ts';
import { userHomes } from './user-name.ts';

/** @throws PawlError `invalid_input` for what is not sent: see `readOwnFile`, and what holds the token in use */
export async function readFileToSend(config: Config, path: string): Promise<Buffer> {
  return withoutToken(config, path, await readOwnFile(foldersOf(config), path));
}

/** The same, of a working directory: an AI client names its files, and no others of its user. @throws PawlError `invalid_input` */
export async function readFileIn(config: Config, directory: string, path: string) {
  const folders = foldersOf(config);
  const real = await realDirectory(folders, directory);
  const found = await readSessionFile({ ...folders, directory: real }, path);
  return { ...found, content: withoutToken(config, path, found.content) };
}

const foldersOf = ({ home }: Config) => ({
  home,
  workspaces: placesIn(home).workspaces,
  userHomes: userHomes(),
});

function withoutToken({ elsewhere }: Config, path: string, content: Buffer): Buffer {
  if (!elsewhere?.token || !content.includes(elsewhere.token)) return content;
  throw new PawlError('invalid_input', `files: expected a file without PAWL_TOKEN in it, got ${path}`, {
    details: [['files']],
  });
}
