/**
 * What the address of MCP over HTTP says: which toolsets are offered, and for which working directory. It says it with every
 * request, so that nothing has to be kept between two of them. Pure.
 */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import { clip } from '../../domain/limits.ts';
import { isToolset, TOOLSET_NAMES, toolsetsIn } from './toolsets.ts';

/** A working directory that a client speaks for. */
export const Directory = z
  .string()
  .max(4096, { error: 'expected at most 4096 characters' })
  .refine((path) => isAbsolute(path) && !path.includes('\0'), {
    error: ({ input }) => `expected an absolute path, got ${shown(input)}`,
  });

const Parameters = z.strictObject({
  toolset: z
    .string()
    .refine((names) => toolsetsIn(names).every(isToolset), {
      error: ({ input }) =>
        `expected toolsets of ${TOOLSET_NAMES.join(', ')} with commas between, got ${shown(input)}`,
    })
    .transform((names) => toolsetsIn(names).join())
    .default('core'),
  directory: Directory.optional(),
});

const shown = (given: unknown): string => (given === '' ? 'nothing' : clip(JSON.stringify(given), 100));

export interface Address {
  /** Names that are there, with commas between, each once. */
  readonly toolset: string;
  readonly directory?: string | undefined;
}

/** @throws PawlError `invalid_input` naming every parameter that is unknown, repeated or wrong */
export function addressIn(url: string): Address {
  const given = [...new URL(url).searchParams];
  const parsed = Parameters.safeParse(Object.fromEntries(given));
  const problems = [
    ...repeatedIn(given.map(([name]) => name)),
    ...(parsed.error?.issues ?? []).flatMap(problemsOf),
  ];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new PawlError('invalid_input', problems.map(({ name, what }) => `${name}: ${what}`).join('; '), {
    details: problems.map(({ name }) => [name]),
  });
}

/** Where a client that speaks for this directory connects to, on this engine. */
export function addressFor({ toolset }: Address, directory: string): string {
  return `/mcp?toolset=${toolset}&directory=${encodeURIComponent(directory)}`;
}

interface Problem {
  readonly name: string;
  readonly what: string;
}

function repeatedIn(names: readonly string[]): Problem[] {
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => ({ name: clip(name, 100), what: 'expected once' }));
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ name: issue.path.join('.'), what: issue.message }];
  const known = Object.keys(Parameters.shape).join(' and ');
  return issue.keys.map((key) => ({
    name: clip(key, 100),
    what: `there is no such parameter: there are ${known}`,
  }));
}
