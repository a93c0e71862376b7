/** The per-user cache: things appear whole, one set-up makes them while the others wait, a kill leaves nothing behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cachedProgram, cacheFolder, programsOnPath, provide } from '../../scripts/setup/cache.mjs';
import { createScratch, type Scratch } from './scratch.ts';

const CACHE_MODULE = new URL('../../scripts/setup/cache.mjs', import.meta.url).href;

/** A set-up in a process of its own: makes `thing` with a program in it, telling each step on stdout. */
function setUpProcess(scratch: Scratch, makeBody: string) {
  const code = `
    import { writeFileSync, mkdirSync, chmodSync } from 'node:fs';
    import { join } from 'node:path';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { provide, cachedProgram } from ${JSON.stringify(CACHE_MODULE)};
    const find = () => cachedProgram('thing', 'program');
    const write = (folder) => {
      mkdirSync(join(folder, 'made'));
      writeFileSync(join(folder, 'made', 'program'), '#!/bin/sh', { mode: 0o755 });
    };
    const make = async (folder) => { console.log('making'); ${makeBody}; return 'made'; };
    console.log('found ' + await provide({ name: 'thing', find, make, onWait: () => console.log('waiting') }));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: scratch.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const ended = once(child, 'close');
  const says = async (word: string) => {
    while (!printed.includes(word)) await once(child.stdout, 'data');
  };
  return { child, says, printed: async () => ended.then(() => printed) };
}

it('lets one make the thing while the other waits, says so, and then finds it', async () => {
  const scratch = createScratch();
  // The first goes on only when the second has said that it waits.
  const gate = join(scratch.folder, 'gate');
  const first = setUpProcess(
    scratch,
    `const { existsSync } = await import('node:fs'); while (!existsSync(${JSON.stringify(gate)})) await sleep(10); write(folder)`,
  );
  await first.says('making');
  const second = setUpProcess(scratch, 'write(folder)');
  await second.says('waiting');
  writeFileSync(gate, '');
  const program = join(scratch.cache, 'thing', 'program');
  expect(await first.printed()).toBe(`making\nfound ${program}\n`);
  expect(await second.printed()).toBe(`waiting\nfound ${program}\n`);
});

it('is free again when its holder is killed, and clears what the kill left', async () => {
  const scratch = createScratch();
  const killed = setUpProcess(scratch, `write(folder); console.log('half'); await sleep(1e6)`);
  await killed.says('half');
  killed.child.kill('SIGKILL');
  await killed.printed();
  expect(existsSync(join(scratch.cache, 'thing'))).toBe(false);
  expect(readdirSync(join(scratch.cache, 'making'))).toHaveLength(1);
  const next = setUpProcess(scratch, 'write(folder)');
  expect(await next.printed()).toContain('found');
  expect(readdirSync(join(scratch.cache, 'making'))).toEqual([]);
});

it('leaves nothing half-made when making fails', async () => {
  const { env, cache } = createScratch();
  const find = () => cachedProgram('thing', 'program', env);
  const make = async (folder: string) => {
    mkdirSync(join(folder, 'made'));
    throw new Error('out of luck');
  };
  await expect(provide({ name: 'thing', find, make, env, onWait: undefined })).rejects.toThrow('out of luck');
  expect(existsSync(join(cache, 'thing'))).toBe(false);
  expect(readdirSync(join(cache, 'making'))).toEqual([]);
});

it('replaces a broken thing of the same name', async () => {
  const { env, cache } = createScratch();
  mkdirSync(join(cache, 'thing'), { recursive: true });
  writeFileSync(join(cache, 'thing', 'program'), 'not executable', { mode: 0o644 });
  const find = () => cachedProgram('thing', 'program', env);
  const make = async (folder: string) => {
    mkdirSync(join(folder, 'made'));
    writeFileSync(join(folder, 'made', 'program'), '', { mode: 0o755 });
    return 'made';
  };
  await expect(provide({ name: 'thing', find, make, env, onWait: undefined })).resolves.toBe(
    join(cache, 'thing', 'program'),
  );
});

it('takes the cache folder from the environment, and only an absolute one', () => {
  expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: '/x' })).toBe('/x/pawl');
  const own = process.platform === 'darwin' ? '/h/Library/Caches/pawl' : '/h/.cache/pawl';
  expect(cacheFolder({ HOME: '/h' })).toBe(own);
  expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: 'relative' })).toBe(own);
});

it('finds programs on PATH only where they are files that may run', () => {
  const { env, fake, folder } = createScratch();
  const program = fake('temporal', '');
  mkdirSync(join(folder, 'other', 'temporal'), { recursive: true });
  expect(programsOnPath('temporal', { PATH: `${join(folder, 'other')}:relative::${env.PATH}` })[0]).toBe(
    program,
  );
  expect(programsOnPath('temporal', {})).toEqual([]);
});
