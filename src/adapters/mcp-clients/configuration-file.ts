/**
 * A configuration file of another program's: read as the text it is, and replaced whole. A link to it stays a link, its
 * mode stays, and what cannot be read for sure is not written.
 */
import { chmod, mkdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { isCode, kindOf } from '../files/without-links.ts';

/** Histories of Claude Code are in its file, too: some are tens of megabytes. */
const BYTES_MAX = 64 * 1024 * 1024;
const BYTE_ORDER_MARK = '\ufeff';

export interface ConfigurationFile {
  readonly path: string;
  /** Where its text is: the end of a link. */
  readonly target: string;
  /** undefined where there is no file. */
  readonly text?: string;
  readonly mark: string;
  readonly mode?: number;
}

/** @throws PawlError `precondition` when there is something that cannot be read as UTF-8 text */
export async function openConfiguration(path: string): Promise<ConfigurationFile> {
  return saying(path, 'read', async () => {
    if ((await kindOf(path)) === undefined) return { path, target: path, mark: '' };
    const target = await realpath(path).catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) throw refused(path, 'it is a link to a file that is not there');
      throw error;
    });
    const kind = await stat(target);
    if (!kind.isFile()) throw refused(path, 'it is no file');
    if (kind.size > BYTES_MAX) throw refused(path, `it has ${kind.size} bytes, more than ${BYTES_MAX}`);
    const read = textOf(path, await readFile(target));
    const mark = read.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    return { path, target, text: read.slice(mark.length), mark, mode: kind.mode & 0o7777 };
  });
}

/** With `modeOfNew` where there was none. @throws PawlError `conflict` when it has changed since it was read */
export async function replaceConfiguration(file: ConfigurationFile, text: string, modeOfNew: number) {
  await saying(file.path, 'written', async () => {
    await stillThere(file);
    await mkdir(dirname(file.target), { recursive: true });
    await writeWhole(file.target, file.mark + text, 'durable');
    // The new file is readable by nobody else until here.
    await chmod(file.target, file.mode ?? modeOfNew);
  });
}

/** @throws PawlError `conflict` when it has changed since it was read */
export async function removeConfiguration(file: ConfigurationFile): Promise<void> {
  await saying(file.path, 'removed', async () => {
    await stillThere(file);
    await rm(file.target);
  });
}

/** Clients write into their files while they run; what they wrote since is not to be lost. */
async function stillThere({ path, target, mark, text }: ConfigurationFile): Promise<void> {
  const before = text === undefined ? undefined : mark + text;
  if ((await readWhole(target)) === before) return;
  throw new PawlError('conflict', `${path} was changed by another program just now: run this again`);
}

function textOf(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw refused(path, 'it is no UTF-8 text');
    throw error;
  }
}

const refused = (path: string, why: string): PawlError =>
  new PawlError(
    'precondition',
    `${path} is left as it is, because ${why}: put that right and run this again`,
  );

/** The operating system's refusals are answers. */
async function saying<T>(path: string, what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof PawlError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new PawlError(
      'precondition',
      `${path} could not be ${what} (${String(error.code)}): check the path and who may use it`,
      { cause: error },
    );
  }
}
