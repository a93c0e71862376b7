/** Files that a client names as its results: those of its directory, and never one of the engine's own. */
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { realDirectory, storeFile } from '../../../src/adapters/files/session-files.ts';
import { scratchFolder } from '../scratch-repository.ts';

/** A working directory that lies above the home of the engine. */
function world() {
  const directory = realpathSync(scratchFolder('project'));
  const home = join(directory, 'home');
  const workspaces = join(home, 'workspaces');
  const write = (path: string, text: string) => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write('home/token', 'secret');
  write('home/workspaces/task/own.txt', 'own');
  write('work.txt', 'work');
  symlinkSync(join(home, 'token'), join(directory, 'innocent.txt'));
  symlinkSync(home, join(directory, 'elsewhere'));
  const stored: string[] = [];
  const artifacts = {
    put: async (content: Uint8Array | string) => {
      stored.push(Buffer.from(content).toString());
      return 'sha256:0';
    },
  };
  return { directory, home, workspaces, artifacts, stored };
}

it.each(['home/token', './home/../home/token', 'innocent.txt', 'elsewhere/token'])(
  'refuses %s, which is the engine’s own, and reads nothing of it',
  async (path) => {
    const { artifacts, stored, ...folders } = world();
    // A home may be named by a way that is not its real one.
    for (const home of [folders.home, join(folders.directory, 'elsewhere')]) {
      await expect(storeFile(artifacts, { ...folders, home }, path)).rejects.toMatchObject({
        code: 'invalid_input',
        details: [['files']],
      });
    }
    expect(stored).toEqual([]);
  },
);

it('keeps a file beside the home, and one of a workspace by whoever works there', async () => {
  const { artifacts, stored, ...folders } = world();
  expect(await storeFile(artifacts, folders, 'work.txt')).toMatchObject({ name: 'work.txt', bytes: 4 });
  const directory = join(folders.workspaces, 'task');
  expect(await storeFile(artifacts, { ...folders, directory }, 'own.txt')).toMatchObject({ name: 'own.txt' });
  expect(stored).toEqual(['work', 'own']);
});

const UNNAMEABLE = ['a\0b', 'x'.repeat(300), 'x/'.repeat(3_000)];

it.each(UNNAMEABLE)('refuses a name that no file can have, in one line', async (path) => {
  const { artifacts, stored, ...folders } = world();
  await expect(storeFile(artifacts, folders, path)).rejects.toMatchObject({
    code: 'invalid_input',
    details: [['files']],
    message: expect.not.stringMatching(/\p{Cc}|.{1000}/u),
  });
  expect(stored).toEqual([]);
});

it.each(UNNAMEABLE)('knows no directory that cannot be', async (path) => {
  await expect(realDirectory(`/tmp/${path}`)).rejects.toMatchObject({
    code: 'invalid_input',
    details: [['directory']],
  });
});
