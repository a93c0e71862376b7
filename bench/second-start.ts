/** How long `npm start -- --exit --yes` takes when everything is there already: set-up, engine, sample, end. */
import { execa } from 'execa';
import type { Figure } from './figures.ts';
import { environmentIn } from './homes.ts';
import { ROOT } from './launcher.ts';

/** @param home an empty one: the first start, which is not measured, merges the sample in it */
export async function measureSecondStart(home: string): Promise<Figure[]> {
  await start(home);
  const startedMs = performance.now();
  await start(home);
  const seconds = (performance.now() - startedMs) / 1_000;
  return [{ group: 'npm start -- --exit --yes', name: 'the second time', value: seconds, unit: 's' }];
}

const start = (home: string) =>
  execa('npm', ['start', '--', '--exit', '--yes'], {
    cwd: ROOT,
    env: environmentIn(home),
    extendEnv: false,
    stdin: 'ignore',
  });
