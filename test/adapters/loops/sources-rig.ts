/** Loops and guides in a repository and a home of their own. */
import { join } from 'node:path';
import { createLoops, type LoopBase } from '../../../src/adapters/loops/find-loops.ts';
import { type FoundLoop, faultText } from '../../../src/domain/loops/found-loop.ts';
import { put, scratchFolder, userGit } from '../scratch-repository.ts';

const NO_CONFIGURATION = { checks: [], agents: {} };
export const loopText = (id: string, title: string, skill = 'manual: true') =>
  `loop: ${id}\ntitle: ${title}\nphases:\n  - id: a\n    skills:\n      - { id: b, ${skill} }\n`;
export const SKILL = '---\nname: write-plan\ndescription: How to write a plan\n---\nDo so.\n';

export const homeWith = (files: Readonly<Record<string, string>> = {}) => {
  const home = scratchFolder('home');
  put(home, files);
  return { loops: join(home, 'loops'), skills: join(home, 'skills'), home };
};
export const at = (
  repository: string,
  configuration: LoopBase['configuration'] = NO_CONFIGURATION,
): LoopBase => ({
  repository,
  commit: userGit(repository, 'rev-parse', 'HEAD'),
  configuration,
});
export const found = async (
  home: ReturnType<typeof homeWith>,
  base: LoopBase | undefined,
  id: string,
): Promise<FoundLoop> => {
  const one = (await createLoops(home, base).all()).find((loop) => loop.id === id);
  if (one === undefined) throw new Error(`no loop ${id}`);
  return one;
};
export const faultsOf = ({ read }: Pick<FoundLoop, 'read'>) => (read.ok ? [] : read.faults.map(faultText));
export const digestOf = ({ read }: FoundLoop) => (read.ok ? read.digest : undefined);
