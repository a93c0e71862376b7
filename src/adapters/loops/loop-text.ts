/** A loop from its file: YAML, or the JSON of `create_loop`; all its faults in one error, each with file, line and path. */
import { isUtf8 } from 'node:buffer';
import { LIMITS } from '../../domain/limits.ts';
import { writtenForm } from '../../domain/loops/create-loop.ts';
import type { LoopDefinition } from '../../domain/loops/definition.ts';
import { inLineOrder, type LoopFault } from '../../domain/loops/found-loop.ts';
import type { KnownLoop } from '../../domain/loops/known-loop.ts';
import type { Fault, Included } from '../../domain/loops/loop-parts.ts';
import { includesIn, type ParsedLoop, parseLoop } from '../../domain/loops/parse-loop.ts';
import { pathText, type ReadYaml, readYaml } from '../files/yaml-text.ts';
import { quoteFlowTypes } from './flow-types.ts';

export type ReadLoop =
  | {
      readonly ok: true;
      readonly loop: LoopDefinition;
      readonly later: Later;
    }
  | {
      readonly ok: false;
      readonly faults: readonly LoopFault[];
      /** Absent where nothing of it can be read. */
      readonly later?: Later;
      /** What it calls itself, where that can be read. */
      readonly id?: string;
    };

/** For what is found out elsewhere about a part of it. */
export interface Later {
  readonly known: KnownLoop;
  readonly faultAt: (fault: Fault) => LoopFault;
}

/** A text whose YAML has been read. What it comes to also depends on the loops that it includes. */
export interface LoopText {
  /** What it calls itself, where that can be read. */
  readonly id?: string;
  /** Ids of the loops that it includes. */
  readonly includes: readonly string[];
  /** The same again for a text that includes none. @param loops those that it includes: what each is, or why it is none */
  readonly read: (loops?: ReadonlyMap<string, Included>) => ReadLoop;
}

/** @param file as it is named in faults */
export function readLoopText(file: string, content: string | Uint8Array): LoopText {
  const refused = (message: string): LoopText =>
    done({ ok: false, faults: [{ file, line: 1, path: '', message }] });
  if (content.length > 4 * LIMITS.loopCharsMax) return refused(tooLong(content.length));
  if (typeof content !== 'string' && !isUtf8(content))
    return refused('expected text in UTF-8, got other bytes');
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  if (text.includes('\0')) return refused('expected text, got a NUL character');
  const yaml = readYaml(quoteFlowTypes(withoutMark(text)), LIMITS.loopCharsMax);
  if (!yaml.ok) {
    const faults = yaml.problems.map((problem) => ({ file, ...advised(problem) }));
    return done({ ok: false, faults, ...calledIn(/^loop:[ \t]*([a-z0-9-]+)/m.exec(text)?.[1]) });
  }
  const { value } = yaml;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused('expected a loop: keys such as loop, inputs and phases');
  const written = { ...yaml, value };
  const includes = includesIn(value);
  if (includes.length === 0) return done(readWritten(file, written, new Map()));
  return {
    ...calledIn('loop' in value ? value.loop : undefined),
    includes,
    read: (loops = new Map()) => readWritten(file, written, loops),
  };
}

function done(read: ReadLoop): LoopText {
  return { ...calledIn(read.ok ? read.loop.loop : read.id), includes: [], read: () => read };
}

function readWritten(
  file: string,
  yaml: { readonly value: object } & Pick<ReadYaml & { ok: true }, 'lineOf'>,
  loops: ReadonlyMap<string, Included>,
): ReadLoop {
  const form = writtenForm(yaml.value);
  const at = ({ path, message }: Fault): LoopFault => ({
    file,
    line: yaml.lineOf(path),
    path: pathText(path),
    message,
  });
  const faultAt = ({ path, message }: Fault): LoopFault => at({ path: form.placeOf(path), message });
  const parsed = form.written === undefined ? undefined : parseLoop(form.written, loops);
  const laterOf = ({ known, asWritten }: ParsedLoop): Later => ({
    known,
    faultAt: (fault) => faultAt(asWritten(fault)),
  });
  if (parsed?.ok && form.faults.length === 0) return { ok: true, loop: parsed.loop, later: laterOf(parsed) };
  // Those of the other form stand where they were written.
  const faults = [
    ...form.faults.map(at),
    ...(parsed === undefined || parsed.ok ? [] : parsed.faults.map(faultAt)),
  ];
  return {
    ok: false,
    faults: inLineOrder(faults),
    ...(parsed !== undefined && { later: laterOf(parsed) }),
    ...calledIn('loop' in yaml.value ? yaml.value.loop : undefined),
  };
}

const calledIn = (id: unknown): { readonly id?: string } => (typeof id === 'string' ? { id } : {});

const tooLong = (length: number): string =>
  `expected at most ${LIMITS.loopCharsMax} characters, got ${length}`;

/** Editors of one platform write it at the beginning of a file. */
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

/** The parser's words do not say what people would write instead. */
const advised = <P extends { readonly message: string }>(problem: P): P =>
  /tab/i.test(problem.message) ? { ...problem, message: `${problem.message}: indent with spaces` } : problem;
