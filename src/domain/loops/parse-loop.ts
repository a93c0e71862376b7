/**
 * Reads a loop from what its YAML or JSON holds: every fault in one answer, each with its path, those of form and those of
 * meaning together. Pure. Which line a path stands in is for whoever has the text to say.
 */

import type { z } from 'zod';
import { issueWords } from '../issue-words.ts';
import { type LoopDefinition, WrittenLoop } from './definition.ts';
import { expandLoop } from './expand.ts';
import { meaningFaults } from './faults.ts';
import { sizeFaults } from './include-faults.ts';
import { type KnownLoop, knownOf } from './known-loop.ts';
import type { Fault, Included, LoopParts } from './loop-parts.ts';
import { UNKNOWN_KEY } from './loop-words.ts';
import { partsOf, placesOf, readableParts } from './read-parts.ts';
import { fieldsOf, listOf, wordOf } from './written-fields.ts';

export type ParsedLoop =
  | ({ readonly ok: true; readonly loop: LoopDefinition } & Later)
  | ({ readonly ok: false; readonly faults: readonly Fault[] } & Later);

/** For what is found out elsewhere about a part of it. */
interface Later {
  readonly known: KnownLoop;
  /** Where that part was written. */
  readonly asWritten: (fault: Fault) => Fault;
}

/** @param loops those that it includes, by id: what each is, or why it cannot be included */
export function parseLoop(written: unknown, loops: ReadonlyMap<string, Included> = new Map()): ParsedLoop {
  const read = WrittenLoop.safeParse(written, { error: issueWords });
  const parts = read.success ? partsOf(read.data, loops) : readableParts(written, loops);
  const faults = [
    ...prototypesIn(written, []),
    ...(read.error?.issues ?? []).flatMap((issue) => faultsOf(issue, written)),
    ...meaningFaults(parts).map((fault) => lookedAt(fault, written)),
  ];
  const known = knownOf(parts);
  const later = { known, asWritten: (fault: Fault) => whereWritten(fault, known, parts) };
  if (!read.success || faults.length > 0) return { ok: false, faults: withoutRepeats(faults), ...later };
  const others = new Map([...loops].flatMap(([id, one]) => ('loop' in one ? [[id, one.loop]] : [])));
  const loop = expandLoop(read.data, others);
  const tooLarge = isExpanded(parts) ? sizeFaults(loop) : [];
  if (tooLarge.length > 0) return { ok: false, faults: tooLarge, ...later };
  return { ok: true, loop, ...later };
}

/** Ids of the loops that it includes, each once. */
export function includesIn(written: unknown): readonly string[] {
  const names = placesOf(fieldsOf(written).phases).flatMap((one) => wordOf(fieldsOf(one).include) ?? []);
  return [...new Set(names)];
}

const isExpanded = ({ places }: LoopParts): boolean => places.some((one) => 'include' in one);

/** A part of an included loop was written as what includes it. */
function whereWritten(fault: Fault, { phases, checks: all }: KnownLoop, parts: LoopParts): Fault {
  const { places, checks = [] } = parts;
  const [first, at, kind, index, ...within] = fault.path;
  if (typeof at !== 'number') return fault;
  if (first === 'checks' && at >= checks.length) {
    const brought = places.flatMap((one, place) => ('include' in one ? one.checks.map(() => place) : []));
    const path = ['phases', brought[at - checks.length] ?? 0, 'include'];
    return { path, message: `${all[at]?.id}: ${fault.message}` };
  }
  if (first !== 'phases') return fault;
  const origins = places.flatMap((one, place) =>
    'include' in one ? one.phases.map(() => ({ place, isIncluded: true })) : [{ place, isIncluded: false }],
  );
  const { place, isIncluded } = origins[at] ?? { place: at, isIncluded: false };
  if (!isIncluded) return { ...fault, path: ['phases', place, ...fault.path.slice(2)] };
  const phase = phases[at];
  const part = (kind === 'gates' ? phase?.gates : phase?.skills)?.[Number(index)];
  const what = [part?.id ?? phase?.id, ...within.slice(0, 1)].join('.');
  return { path: ['phases', place, 'include'], message: `${what}: ${fault.message}` };
}

/** A key of that name is none to a program that sets it, so it would be lost without a word. */
function prototypesIn(value: unknown, path: readonly PropertyKey[]): readonly Fault[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]): readonly Fault[] => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    return key === '__proto__' ? [{ path: at, message: UNKNOWN_KEY }] : prototypesIn(one, at);
  });
}

/** What a check looks at may be its `when`, which is `passesIf` once it is read. */
function lookedAt(fault: Fault, written: unknown): Fault {
  const gate = fault.path.slice(0, -1);
  if (fault.path.at(-1) !== 'passes_if') return fault;
  const fields = gate.reduce<unknown>(
    (at, key) => Object.entries(at ?? {}).find(([one]) => one === String(key))?.[1],
    written,
  );
  return 'passes_if' in fieldsOf(fields) ? fault : { ...fault, path: [...gate, 'when'] };
}

function faultsOf(issue: z.core.$ZodIssue, written: unknown): readonly Fault[] {
  const { path, message } = issue;
  // A place in the list of phases is told by what it is meant to be.
  if (issue.code === 'invalid_union' && path.length === 2 && path[0] === 'phases') {
    const isInclude = 'include' in fieldsOf(listOf(fieldsOf(written).phases)[Number(path[1])]);
    const meant = issue.errors[isInclude ? 1 : 0] ?? [];
    return meant.flatMap((one) => faultsOf({ ...one, path: [...path, ...one.path] }, written));
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: UNKNOWN_KEY }));
  // What is wrong with a key itself is told in an issue of its own.
  const ofKey = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  return [{ path, message: ofKey ?? message }];
}

const withoutRepeats = (faults: readonly Fault[]): readonly Fault[] => [
  ...new Map(
    faults.map((fault) => [JSON.stringify([fault.path.map(String), fault.message]), fault]),
  ).values(),
];
