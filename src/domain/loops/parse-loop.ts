/**
 * Reads a loop from what its YAML or JSON holds: every fault in one answer, each with its path, those of form and those of
 * meaning together. Pure. Which line a path stands in is for whoever has the text to say.
 */

import type { z } from 'zod';
import { issueWords } from '../issue-words.ts';
import { type LoopDefinition, WrittenInput, WrittenLoop } from './definition.ts';
import { meaningFaults } from './faults.ts';
import { WrittenGate } from './loop-gate.ts';
import type { Fault, LoopParts, Part, PhaseParts } from './loop-parts.ts';
import { UNKNOWN_KEY } from './loop-words.ts';
import { WrittenSkill } from './skill.ts';

export type ParsedLoop =
  | { readonly ok: true; readonly loop: LoopDefinition }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export function parseLoop(written: unknown): ParsedLoop {
  const read = WrittenLoop.safeParse(written, { error: issueWords });
  const faults = [
    ...prototypesIn(written, []),
    ...(read.error?.issues ?? []).flatMap(faultsOf),
    ...meaningFaults(read.success ? partsOf(read.data) : readableParts(written)).map((fault) =>
      asWritten(fault, written),
    ),
  ];
  return read.success && faults.length === 0
    ? { ok: true, loop: read.data }
    : { ok: false, faults: withoutRepeats(faults) };
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
function asWritten(fault: Fault, written: unknown): Fault {
  const gate = fault.path.slice(0, -1);
  if (fault.path.at(-1) !== 'passes_if') return fault;
  const fields = gate.reduce<unknown>(
    (at, key) => Object.entries(at ?? {}).find(([one]) => one === String(key))?.[1],
    written,
  );
  return 'passes_if' in fieldsOf(fields) ? fault : { ...fault, path: [...gate, 'when'] };
}

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  const { path, message } = issue;
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

const partsOf = ({ inputs, phases }: LoopDefinition): LoopParts => ({
  inputs: new Map(Object.entries(inputs)),
  phases: phases.map(({ id, skills, gates }) => ({
    id,
    skills: skills.map((skill) => ({ id: skill.id, read: skill })),
    gates: gates.map((gate) => ({ id: gate.id, read: gate })),
  })),
});

/** What can be read of a loop that has faults: what is wrong elsewhere is told as well, and nothing because of them. */
function readableParts(written: unknown): LoopParts {
  const { inputs, phases } = fieldsOf(written);
  return {
    inputs: new Map(
      Object.entries(fieldsOf(inputs)).map(([name, one]) => [name, WrittenInput.safeParse(one).data]),
    ),
    phases: listOf(phases).map((phase): PhaseParts => {
      const { id, skills, gates } = fieldsOf(phase);
      return {
        id: wordOf(id),
        skills: listOf(skills).map((one) => partOf(one, WrittenSkill, NAMING.skill)),
        gates: listOf(gates).map((one) => partOf(one, WrittenGate, NAMING.gate)),
      };
    }),
  };
}

/** What stands under these keys the rest of a skill or gate is about: without it nothing can be said of that. */
const NAMING = {
  skill: ['id', 'for_each', 'with', 'manual', 'run', 'agent', 'deliver'],
  gate: ['id', 'kind'],
};

/** Where keys of it have faults, what is left without them. */
function partOf<T>(written: unknown, schema: z.ZodType<T>, naming: readonly string[]): Part<T> {
  const id = idOf(written);
  const { data: read, error } = schema.safeParse(written);
  if (error === undefined) return { id, read };
  const wrong = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0
      ? issue.keys
      : String(issue.path[0] ?? 'id'),
  );
  if (wrong.some((key) => naming.includes(key))) return { id, read };
  const left = Object.entries(fieldsOf(written)).filter(([key]) => !wrong.includes(key));
  return { id, read, left: schema.safeParse(Object.fromEntries(left)).data };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const wordOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const idOf = (value: unknown): string | undefined => wordOf(fieldsOf(value).id);
