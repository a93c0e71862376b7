/** Memory of an engine in a process of its own, with its worker, before and after many tasks are open in it. */
import { execa } from 'execa';
import { connect } from '../src/client.ts';
import { liveEndpoints } from '../src/engine/endpoints.ts';
import type { Figure } from './figures.ts';
import { environmentIn } from './homes.ts';
import { LAUNCHER } from './launcher.ts';
import { inParallel } from './parallel.ts';

const AT_ONCE = 20;

export async function measureMemory(home: string, open: number): Promise<Figure[]> {
  const env = environmentIn(home);
  const pawl = (...args: readonly string[]) =>
    execa(process.execPath, [LAUNCHER, ...args], { env, extendEnv: false });
  await pawl('up', '-d');
  try {
    const endpoints = await liveEndpoints(home);
    if (endpoints === undefined) throw new Error(`expected an engine in ${home}, got none`);
    const before = await residentMegabytes(endpoints.pid);
    await openTasks(env, open);
    const after = await residentMegabytes(endpoints.pid);
    const group = 'memory of the engine with its worker (RSS)';
    return [
      { group, name: 'after its start', value: before, unit: 'MB' },
      { group, name: `${open} tasks open`, value: after, unit: 'MB', aim: '< 300' },
    ];
  } finally {
    await pawl('down');
  }
}

async function openTasks(env: NodeJS.ProcessEnv, count: number): Promise<void> {
  const pawl = await connect(env);
  try {
    await inParallel(count, AT_ONCE, async (number) => {
      const id = `open-${number}`;
      await pawl.create({ id, title: 'Stay open' });
      await pawl.update({ id, status: 'in_progress', note: 'at it' });
    });
  } finally {
    await pawl.close();
  }
}

/** As `ps` tells it on Linux and macOS alike, in kilobytes. */
export async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await execa('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}

/** The same of the one program of this name that a process started. */
export async function childMegabytes(parent: number, name: string): Promise<number> {
  const { stdout } = await execa('ps', ['-A', '-o', 'ppid=,pid=,comm=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const found = rows.filter(
    ([ppid, , ...words]) => Number(ppid) === parent && words.join(' ').includes(name),
  );
  const [child] = found;
  if (child === undefined || found.length > 1) {
    throw new Error(`expected one ${name} that ${parent} started, got ${found.length}`);
  }
  return residentMegabytes(Number(child[1]));
}
