/**
 * What a skill has to have done before it counts as done, or what has to hold at a gate: the engine looks itself, at a
 * commit. Each kind is told by the key that it alone has.
 */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import type { Command } from '../task-spec.ts';
import { jsonSchemaOf, LoopCommand, Named, tellNested } from './loop-words.ts';

/** A glob of files in the repository, from its top. One that leads out of it is refused, also within braces. */
export const RepositoryGlob = z
  .string()
  .min(1)
  .max(500)
  .refine((glob) => !/^[/\\~!]|^[A-Za-z]:|[\0\n]|(?:^|[/\\{,(|])\.\.(?:$|[/\\},)|])/.test(glob), {
    error:
      'expected a glob of files by their path from the top of the repository, such as src/**, that stays inside it',
  });

const COUNT_MAX = 1_000_000;
const Count = z.int().min(0).max(COUNT_MAX);

const Common = {
  /** By it a person resolves or waives it; default: its kind and its place, such as `deliverable-1`. */
  id: Named.optional(),
  /** What is not required is looked at and shown, and stops nothing. */
  required: z.boolean().default(true),
};

const Deliverable = z.strictObject({
  ...Common,
  deliverable: RepositoryGlob.describe('files that must be there, such as src/**'),
  changed: z.boolean().default(false).describe('only files count that the work has added or changed'),
  at_least: Count.default(1),
  at_most: Count.optional(),
});

export const PROOFS = [
  'file_created',
  'file_modified',
  'command_executed',
  'test_passed',
  'human_verified',
  'artifact_generated',
] as const;
const OF_PATH: readonly string[] = ['file_created', 'file_modified', 'artifact_generated'];
const OF_COMMAND: readonly string[] = ['command_executed', 'test_passed'];

const StepProof = z
  .strictObject({
    ...Common,
    proof: z.enum(PROOFS),
    path: RepositoryGlob.optional(),
    run: LoopCommand.optional(),
  })
  .refine(({ proof, path }) => OF_PATH.includes(proof) === (path !== undefined), {
    path: ['path'],
    error: `expected path with ${OF_PATH.join(', ')}, and with no other proof`,
  })
  .refine(({ proof, run }) => OF_COMMAND.includes(proof) === (run !== undefined), {
    path: ['run'],
    error: `expected run with ${OF_COMMAND.join(', ')}, and with no other proof`,
  });

/** As JavaScript has it, with `m` and `u`. Whoever matches it bounds the time: it may be a slow one. */
const Pattern = z
  .string()
  .min(1)
  .max(500)
  .refine(isPattern, { error: 'expected a regular expression, such as ^## Risks$' });

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'mu') instanceof RegExp;
  } catch {
    return false; // What the refusal says: why V8 does not like it helps nobody.
  }
}

const Content = z
  .strictObject({
    ...Common,
    content: RepositoryGlob.describe('files that must say something'),
    pattern: Pattern.optional(),
    /** Headings of Markdown. */
    sections: z.array(z.string().min(1).max(200)).min(1).max(50).optional(),
    lines: z.strictObject({ at_least: Count.optional(), at_most: Count.optional() }).optional(),
  })
  .refine(({ pattern, sections, lines }) => [pattern, sections, lines].some((one) => one !== undefined), {
    error: 'expected pattern, sections or lines: what the files must say',
  });

const THRESHOLD = /^\s*(==|!=|<=|>=|<|>)\s*(-?\d{1,15}(?:\.\d{1,15})?)\s*$/;
export const Threshold = z
  .string()
  .regex(THRESHOLD, { error: "expected a comparison with a number, such as '>= 80'" })
  .transform((text) => {
    const [, is = '==', than = '0'] = THRESHOLD.exec(text) ?? [];
    return { is: is as '==' | '!=' | '<=' | '>=' | '<' | '>', than: Number(than) }; // as the pattern has it
  });

const Quality = z.strictObject({
  ...Common,
  quality: z.string().min(1).max(100).describe('what is measured, in a word or two'),
  run: LoopCommand.describe('prints the measure: a number in the last line of its output'),
  is: Threshold.describe("such as '>= 80'"),
});

export const GIT_STATES = ['no_uncommitted', 'no_unpushed', 'branch_pushed', 'worktree_clean'] as const;
const GitState = z.strictObject({ ...Common, git: z.enum(GIT_STATES) });

export type Guarantee = { readonly id: string; readonly required: boolean } & (
  | {
      readonly kind: 'deliverable';
      readonly glob: string;
      readonly changed: boolean;
      readonly atLeast: number;
      readonly atMost?: number;
    }
  | {
      readonly kind: 'proof';
      readonly proof: (typeof PROOFS)[number];
      readonly path?: string;
      readonly run?: Command;
    }
  | {
      readonly kind: 'content';
      readonly glob: string;
      readonly pattern?: string;
      readonly sections?: readonly string[];
      readonly lines?: { readonly atLeast?: number; readonly atMost?: number };
    }
  | {
      readonly kind: 'quality';
      readonly name: string;
      readonly run: Command;
      readonly threshold: z.output<typeof Threshold>;
    }
  | { readonly kind: 'git'; readonly state: (typeof GIT_STATES)[number] }
);

const KINDS = {
  deliverable: Deliverable,
  proof: StepProof,
  content: Content,
  quality: Quality,
  git: GitState,
} as const;
const KIND_NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[]; // the table's own keys

type Written = { readonly [K in keyof typeof KINDS]: z.output<(typeof KINDS)[K]> }[keyof typeof KINDS];

/** One of them, by its kind's own key. A union alone would tell the faults of all kinds. */
const WrittenGuarantee = z
  .unknown()
  .meta({ anyOf: KIND_NAMES.map((kind) => jsonSchemaOf(KINDS[kind])) })
  .transform((written, context): Written => {
    const keys = typeof written === 'object' && written !== null ? Object.keys(written) : [];
    const kinds = KIND_NAMES.filter((kind) => keys.includes(kind));
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) {
      const message = `expected one guarantee, told by one of the keys ${KIND_NAMES.join(', ')}`;
      context.issues.push({ code: 'custom', message, input: written });
      return z.NEVER;
    }
    const read = KINDS[kind].safeParse(written);
    if (read.success) return read.data;
    tellNested(context, read.error.issues);
    return z.NEVER;
  });

/** A list of them, each with an id of its own. */
export const WrittenGuarantees = z
  .array(WrittenGuarantee)
  .max(LIMITS.guaranteesMax)
  .default([])
  .transform((written) => written.map((one, index) => guaranteeOf(one, index + 1)));

function guaranteeOf(written: Written, place: number): Guarantee {
  const { required } = written;
  const common = (kind: Guarantee['kind']) => ({ id: written.id ?? `${kind}-${place}`, required });
  if ('deliverable' in written) {
    const { deliverable: glob, changed, at_least: atLeast, at_most: atMost } = written;
    const bound = atMost === undefined ? {} : { atMost };
    return { ...common('deliverable'), kind: 'deliverable', glob, changed, atLeast, ...bound };
  }
  if ('proof' in written) {
    const { proof, path, run } = written;
    return {
      ...common('proof'),
      kind: 'proof',
      proof,
      ...(path !== undefined && { path }),
      ...(run !== undefined && { run }),
    };
  }
  if ('content' in written) return { ...common('content'), kind: 'content', ...contentOf(written) };
  if ('quality' in written) {
    const { quality: name, run, is: threshold } = written;
    return { ...common('quality'), kind: 'quality', name, run, threshold };
  }
  return { ...common('git'), kind: 'git', state: written.git };
}

function contentOf({ content: glob, pattern, sections, lines }: z.output<typeof Content>) {
  const { at_least: atLeast, at_most: atMost } = lines ?? {};
  const bounds = { ...(atLeast !== undefined && { atLeast }), ...(atMost !== undefined && { atMost }) };
  return {
    glob,
    ...(pattern !== undefined && { pattern }),
    ...(sections !== undefined && { sections }),
    ...(lines !== undefined && { lines: bounds }),
  };
}
