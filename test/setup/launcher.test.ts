/** The launcher and going on with another Node: arguments, exit codes, signals and PATH arrive as if nobody stood between. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isRunning, startTimeOf } from '../../src/adapters/programs/processes.ts';
import { createScratch, type Scratch } from './scratch.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const GO_ON = join(ROOT, 'scripts', 'setup', 'go-on.mjs');

/** Says what it is, then lives until a signal; exits with the number it is given. */
const MAIN = `
  const [first] = process.argv.slice(2);
  if (first === 'exit') process.exit(Number(process.argv[3]));
  if (first === 'graceful') process.on('SIGTERM', () => process.exit(7));
  console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), path: process.env.PATH }));
  setInterval(() => {}, 1000);
`;

interface Said {
  readonly pid: number;
  readonly args: readonly string[];
  readonly path: string;
}

/** A package of the launcher's kind with a main program that only tells. */
function makePackage(scratch: Scratch, kind: 'clone' | 'installed'): string {
  const root = join(scratch.folder, 'package');
  mkdirSync(join(root, 'scripts'), { recursive: true });
  cpSync(join(ROOT, 'bin'), join(root, 'bin'), { recursive: true });
  cpSync(join(ROOT, 'scripts', 'setup'), join(root, 'scripts', 'setup'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  const main = kind === 'clone' ? join(root, 'src', 'main.ts') : join(root, 'dist', 'main.js');
  mkdirSync(dirname(main));
  writeFileSync(main, kind === 'clone' ? `const typed: string = 'TypeScript';\n${MAIN}` : MAIN);
  return join(root, 'bin', 'pawl');
}

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The first line that the child prints. */
async function said(child: ChildProcess): Promise<Said> {
  if (child.stdout === null) throw new Error('expected a piped stdout');
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return JSON.parse(text) as Said;
}

const endOf = async (child: ChildProcess) =>
  (child.exitCode ?? child.signalCode) || (await once(child, 'exit')).find((value) => value !== null);

describe('bin/pawl', () => {
  it('runs the sources of a clone in this very process, by a link too', async () => {
    const scratch = createScratch();
    const launcher = makePackage(scratch, 'clone');
    mkdirSync(join(scratch.folder, 'package', 'node_modules'));
    writeFileSync(join(scratch.folder, 'package', 'node_modules', '.package-lock.json'), '{}');
    const link = join(scratch.folder, 'bin', 'pawl');
    symlinkSync(launcher, link);
    const child = start(process.execPath, [link, 'a b', '--json', '$x'], scratch.env);
    const { pid, args } = await said(child);
    expect(pid).toBe(child.pid);
    expect(args).toEqual(['a b', '--json', '$x']);
    child.kill('SIGTERM');
    expect(await endOf(child)).toBe('SIGTERM');
  });

  it('installs the packages of a clone first where they are missing', async () => {
    const scratch = createScratch();
    const launcher = makePackage(scratch, 'clone');
    writeFileSync(join(scratch.folder, 'package', 'package-lock.json'), '{}');
    scratch.fake(
      'npm',
      `import { mkdirSync, writeFileSync } from 'node:fs';
       mkdirSync('node_modules');
       writeFileSync('node_modules/.package-lock.json', '{}');`,
    );
    const child = start(process.execPath, [launcher, 'exit', '3'], scratch.env);
    expect(await endOf(child)).toBe(3);
    expect(existsSync(join(scratch.folder, 'package', 'node_modules', '.package-lock.json'))).toBe(true);
  });

  it('ends with one error when the packages cannot be installed', async () => {
    const scratch = createScratch();
    const launcher = makePackage(scratch, 'clone');
    writeFileSync(join(scratch.folder, 'package', 'package-lock.json'), '{}');
    scratch.fake('npm', 'process.exit(1)');
    const child = spawn(process.execPath, [launcher, 'exit', '0'], {
      env: scratch.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    child.stderr.on('data', (chunk) => {
      printed += String(chunk);
    });
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(printed).toContain('pawl set-up: the packages could not be installed');
    expect(printed).not.toContain('    at ');
  });

  it('runs the compiled program of an installed package and asks for no set-up', async () => {
    const scratch = createScratch();
    const child = start(process.execPath, [makePackage(scratch, 'installed'), 'exit', '4'], scratch.env);
    expect(await endOf(child)).toBe(4);
  });

  it('keeps what it compiled for the next start, and starts where it cannot', async () => {
    const scratch = createScratch();
    const launcher = makePackage(scratch, 'installed');
    expect(await endOf(start(process.execPath, [launcher, 'exit', '4'], scratch.env))).toBe(4);
    expect(readdirSync(join(scratch.cache, 'compiled'))).not.toEqual([]);

    const file = join(scratch.folder, 'file');
    writeFileSync(file, '');
    const env = { ...scratch.env, XDG_CACHE_HOME: file };
    expect(await endOf(start(process.execPath, [launcher, 'exit', '4'], env))).toBe(4);
  });
});

describe('going on with another Node', () => {
  /** A launcher process whose child is another Node, here the same program under another folder. */
  function prepare(scratch: Scratch) {
    const node = join(scratch.folder, 'other', 'node');
    mkdirSync(dirname(node));
    writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
    chmodSync(node, 0o755);
    const main = join(scratch.folder, 'main.mjs');
    writeFileSync(main, MAIN);
    const launcher = join(scratch.folder, 'launcher.mjs');
    writeFileSync(
      launcher,
      `import { goOnWith } from ${JSON.stringify(GO_ON)};
       await goOnWith(${JSON.stringify(node)}, [${JSON.stringify(main)}, ...process.argv.slice(2)]);`,
    );
    return { node, launcher };
  }

  it('hands on arguments and puts that Node first on PATH', async () => {
    const scratch = createScratch();
    const { node, launcher } = prepare(scratch);
    const child = start(process.execPath, [launcher, 'x', '--y'], scratch.env);
    const { pid, args, path } = await said(child);
    expect(pid).not.toBe(child.pid);
    expect(args).toEqual(['x', '--y']);
    expect(path).toBe([dirname(node), scratch.env.PATH].join(delimiter));
    child.kill('SIGTERM');
    expect(await endOf(child)).toBe('SIGTERM');
    expect(startTimeOf(pid)).toBeUndefined();
  });

  it('ends with the exit code of the child', async () => {
    const scratch = createScratch();
    const { launcher } = prepare(scratch);
    expect(await endOf(start(process.execPath, [launcher, 'exit', '42'], scratch.env))).toBe(42);
    expect(await endOf(start(process.execPath, [launcher, 'exit', '0'], scratch.env))).toBe(0);
  });

  it('lets the child answer a signal in its own way', async () => {
    const scratch = createScratch();
    const { launcher } = prepare(scratch);
    const child = start(process.execPath, [launcher, 'graceful'], scratch.env);
    await said(child);
    child.kill('SIGTERM');
    expect(await endOf(child)).toBe(7);
  });

  it.each(['SIGINT', 'SIGHUP'] as const)('hands %s on and dies by it', async (signal) => {
    const scratch = createScratch();
    const { launcher } = prepare(scratch);
    const child = start(process.execPath, [launcher], scratch.env);
    await said(child);
    child.kill(signal);
    expect(await endOf(child)).toBe(signal);
  });

  it('dies by the signal that killed the child', async () => {
    const scratch = createScratch();
    const { launcher } = prepare(scratch);
    const child = start(process.execPath, [launcher], scratch.env);
    process.kill((await said(child)).pid, 'SIGKILL');
    expect(await endOf(child)).toBe('SIGKILL');
  });

  it('ends its child when the npm that started it is gone', async () => {
    const scratch = createScratch();
    const { launcher } = prepare(scratch);
    // The shell stands for npm: it waits for the launcher and is killed.
    const shell = start('/bin/sh', ['-c', `'${process.execPath}' '${launcher}' & wait`], {
      ...scratch.env,
      npm_lifecycle_event: 'start',
    });
    const { pid } = await said(shell);
    const one = { pid, startedAt: startTimeOf(pid) ?? 'gone' };
    expect(isRunning(one)).toBe(true);
    shell.kill('SIGKILL');
    while (isRunning(one)) await sleep(20);
  });

  it('names the Node that cannot start', async () => {
    const scratch = createScratch();
    const { launcher } = prepare(scratch);
    writeFileSync(launcher, readFileSync(launcher, 'utf8').replaceAll('/other/node', '/missing/node'));
    const child = spawn(process.execPath, [launcher], {
      env: scratch.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    child.stderr.on('data', (chunk) => {
      printed += String(chunk);
    });
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(printed).toContain('/missing/node ENOENT');
  });
});
