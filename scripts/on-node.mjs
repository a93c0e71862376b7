/** Runs a script of this clone on a Node that is new enough: `node scripts/on-node.mjs FILE [arguments]`. */
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { goOnWith } from './setup/go-on.mjs';
import { provideNode } from './setup/node.mjs';
import { SetupStopped } from './setup/run.mjs';
import { SetupError, say } from './setup/telling.mjs';

const [file, ...rest] = process.argv.slice(2);

try {
  if (file === undefined) throw new SetupError('expected a script to run, got none');
  const node = await provideNode();
  if (node === process.execPath) {
    process.argv.splice(1, process.argv.length, resolve(file), ...rest);
    await import(pathToFileURL(resolve(file)).href);
  } else {
    await goOnWith(node, [fileURLToPath(import.meta.url), file, ...rest]);
  }
} catch (error) {
  if (error instanceof SetupStopped) process.kill(process.pid, error.signal);
  else if (error instanceof SetupError) say(error.report());
  else throw error;
  process.exitCode = 1;
}
