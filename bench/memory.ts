/** Memory of an engine in a process of its own, with its worker, before and after many tasks are open in it. */
import { execa } from 'execa';
import type { Pawl } from '../src/client.ts';
import { withDetachedEngine } from './detached-engine.ts';
import type { Figure } from './figures.ts';
import { environmentIn } from './homes.ts';
import { inParallel } from './parallel.ts';

const AT_ONCE = 20;

export async function measureMemory(home: string, open: number): Promise<Figure[]> {
  return withDetachedEngine(environmentIn(home), async ({ api, endpoints: { pid } }) => {
    const before = await residentMegabytes(pid);
    await openTasks(api, open);
    const after = await residentMegabytes(pid);
    const group = 'memory of the engine with its worker (RSS)';
    return [
      { group, name: 'after its start', value: before, unit: 'MB' },
      { group, name: `${open} tasks open`, value: after, unit: 'MB', aim: '< 300' },
    ];
  });
}

const openTasks = (api: Pawl, count: number): Promise<void> =>
  inParallel(count, AT_ONCE, async (number) => {
    const id = `open-${number}`;
    await api.create({ id, title: 'Stay open' });
    await api.update({ id, status: 'in_progress', note: 'at it' });
  });

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
