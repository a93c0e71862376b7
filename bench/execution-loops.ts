/** The loops whose executions are measured, written into a home before its engine starts. Their commands do next to nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placesIn } from '../src/config.ts';

const RUN = { run: ['git', '--version'], writes: 'none' } as const;
const byHand = (id: string) => ({ id, skills: [{ id, manual: true }] });
const byCommand = (id: string) => ({ id, skills: [{ id, ...RUN }] });
const GATE = { gates: [{ id: 'gate', kind: 'approval' }] };

const loops = (items: number) => ({
  /** What clients do in two phases with a gate between them. */
  gated: [{ ...byHand('first'), ...GATE }, byHand('second')],
  /** The same by the engine. */
  'gated-driven': [{ ...byCommand('first'), ...GATE }, byCommand('second')],
  /** What clients do, one skill after the other. */
  plain: [byHand('first'), byHand('second')],
  /** One skill by the engine for each of a list. */
  list: [
    {
      id: 'first',
      skills: [
        {
          id: 'first',
          ...RUN,
          for_each: { in: Array.from({ length: items }, (_, at) => `item-${at}`), as: 'item', at_most: 4 },
        },
      ],
    },
  ],
});
export type LoopName = keyof ReturnType<typeof loops>;

export function writeLoops(home: string, items: number): void {
  const folder = placesIn(home).loops;
  mkdirSync(folder, { recursive: true });
  for (const [loop, phases] of Object.entries(loops(items)))
    writeFileSync(join(folder, `${loop}.yaml`), JSON.stringify({ loop, phases }));
}
