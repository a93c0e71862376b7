/** A folder of a test's own with a cache and a PATH of its own, where fake programs stand in for npm, pip and others. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Scratch {
  readonly folder: string;
  readonly cache: string;
  /** The environment for set-up: nothing of the machine's is on its PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** Puts a program first on PATH; `body` is JavaScript (an ES module). */
  fake(name: string, body: string): string;
}

export function createScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-setup-'));
  folders.push(folder);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  return {
    folder,
    cache: join(folder, 'cache', 'pawl'),
    env: { PATH: bin, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') },
    fake(name, body) {
      // A file without an extension is CommonJS to Node unless its folder says otherwise.
      writeFileSync(join(bin, 'package.json'), '{ "type": "module" }');
      const file = join(bin, name);
      writeFileSync(file, `#!${process.execPath}\n${body}\n`);
      chmodSync(file, 0o755);
      return file;
    },
  };
}
