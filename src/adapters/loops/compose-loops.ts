/**
 * Loops with those that they include. Each is found from where the one stands that includes it: a loop of a repository may
 * include those of the home and of Pawl, one of Pawl only others of Pawl, so that no repository gets into a loop that it
 * does not have.
 */
import { clip } from '../../domain/limits.ts';
import { faultText, LOOP_SOURCES, type LoopPlace, type LoopSource } from '../../domain/loops/found-loop.ts';
import { chainBack, nextTowards } from '../../domain/loops/include-chains.ts';
import type { Included } from '../../domain/loops/loop-parts.ts';
import type { LoopText, ReadLoop } from './loop-text.ts';

/** A file that may be a loop, before it is known what it includes. */
export interface LoopCandidate extends LoopPlace {
  readonly id: string;
  readonly content: Uint8Array;
  readonly text: LoopText;
}

export interface ComposedLoop {
  readonly read: ReadLoop;
  /** All that are part of it, each once, in the order of their places. */
  readonly included: readonly LoopCandidate[];
}

/** @param candidates in the order of `LOOP_SOURCES`; of two of one id in one source the first counts */
export function composeLoops(
  candidates: readonly LoopCandidate[],
): (candidate: LoopCandidate) => ComposedLoop {
  const nearest = nearestFrom(candidates);
  const find = ({ source }: LoopCandidate, id: string) => nearest.get(source)?.get(id);
  const includers = new Map<LoopCandidate, LoopCandidate[]>();
  for (const one of candidates)
    for (const found of one.text.includes.flatMap((id) => find(one, id) ?? []))
      includers.set(found, [...(includers.get(found) ?? []), one]);
  const composed = new Map<LoopCandidate, ComposedLoop>();

  function compose(one: LoopCandidate): ComposedLoop {
    const done = composed.get(one) ?? composeNew(one);
    composed.set(one, done);
    return done;
  }

  function composeNew(one: LoopCandidate): ComposedLoop {
    const { includes, read } = one.text;
    if (includes.length === 0) return { read: read(), included: [] };
    const next = nextTowards(one, (loop) => includers.get(loop) ?? []);
    const parts = includes.flatMap((id) => find(one, id) ?? []);
    const chains = new Map(parts.map((part) => [part, chainBack(one, part, next)]));
    const loops = includes.map((id): [string, Included] => {
      const part = find(one, id);
      if (part === undefined) return [id, { problem: unknown(id, nearest.get(one.source)) }];
      const chain = chains.get(part);
      if (chain !== undefined) return [id, { problem: partOfItself(chain) }];
      const known = compose(part).read;
      return [id, known.ok ? { loop: known.loop } : { problem: faulty(id, known.faults.map(faultText)) }];
    });
    // What leads back to this one is not looked into: it would never end.
    const ended = parts.filter((part) => chains.get(part) === undefined);
    const all = new Set(ended.flatMap((part) => [part, ...compose(part).included]));
    return {
      read: read(new Map(loops)),
      included: [...all].toSorted((a, b) => candidates.indexOf(a) - candidates.indexOf(b)),
    };
  }

  return compose;
}

type ById = ReadonlyMap<string, LoopCandidate>;

/** Of each source the loops that are seen from there, by id. */
function nearestFrom(candidates: readonly LoopCandidate[]): ReadonlyMap<LoopSource, ById> {
  const seen = new Map<LoopSource, ById>();
  let later: ById = new Map();
  for (const source of LOOP_SOURCES.toReversed()) {
    const own = candidates.filter((one) => one.source === source).toReversed();
    later = new Map([...later, ...own.map((one) => [one.id, one] as const)]);
    seen.set(source, later);
  }
  return seen;
}

const NAMES_SHOWN_MAX = 20;

const unknown = (id: string, seen: ById = new Map()): string =>
  `there is no loop ${clip(id, 80)} here: expected one of ${[...seen.keys()].toSorted().slice(0, NAMES_SHOWN_MAX).join(', ')}`;

const partOfItself = (chain: readonly LoopCandidate[]): string =>
  `${chain.map(({ id }) => id).join(' → ')}: a loop cannot be part of itself`;

/** The number stands first: the first fault may be that of another loop, which has several. */
const faulty = (id: string, faults: readonly string[]): string =>
  `${id} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults, the first`}: ${faults[0]}`;
