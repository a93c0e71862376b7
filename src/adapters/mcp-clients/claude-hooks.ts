/**
 * Pawl's hook in the settings of Claude Code, which runs before each call of one of Pawl's tools. It is known by its command,
 * wherever a person has moved it to among the hooks of that event.
 */
import type { Node } from 'jsonc-parser';
import { z } from 'zod';
import type { ConfigurationText } from './configuration-text.ts';
import { ENTRY_NAME } from './entry.ts';
import {
  asA,
  fresh,
  insert,
  type Path,
  readValue,
  removeAt,
  replace,
  rootOf,
  valueNode,
} from './jsonc-edit.ts';
import { type OwnProgram, ownCommandLine, startsPawl } from './own-command-line.ts';

const HOOKS = 'hooks';
const EVENT = 'PreToolUse';
const MATCHER = `mcp__${ENTRY_NAME}__.*`;
const ENSURE = ['ensure', '--hook'];
/** Seconds. More than `pawl ensure` takes, which says more of what is wrong than that it took too long. */
const TIMEOUT = 60;
/** A comment for the shell, so that what takes the hook out knows what came with it. */
const WITH_ENTRY = ' # put here with the MCP entry';

/** What a person has added to it stays in it. */
const Hook = z.looseObject({ type: z.literal('command'), command: z.string() });
export type Hook = z.infer<typeof Hook>;

export interface WantedHook extends OwnProgram {
  /** Where the client asks over HTTP. */
  readonly url?: string | undefined;
  /** Whether the MCP entry came with it, and goes with it. */
  readonly withEntry: boolean;
}

export function hookOf({ url, withEntry, ...program }: WantedHook): Hook {
  const line = ownCommandLine(program, [...ENSURE, ...(url === undefined ? [] : ['--url', url])]);
  return { type: 'command', command: withEntry ? line + WITH_ENTRY : line, timeout: TIMEOUT };
}

export const cameWithEntry = ({ command }: Hook): boolean => command.endsWith(WITH_ENTRY);

export function isOurHook(hook: unknown): hook is Hook {
  const read = Hook.safeParse(hook);
  if (!read.success) return false;
  const { command } = read.data;
  const line = cameWithEntry(read.data) ? command.slice(0, -WITH_ENTRY.length) : command;
  return startsPawl(line, ENSURE);
}

export const claudeHooks: ConfigurationText<Hook> = {
  read: (text) => placesOf(text)[0]?.hook,
  put(text, hook) {
    const places = placesOf(text);
    if (places.length === 0) return add(text, hook);
    // From the last one on, so that what stands before it stays where it is.
    return places.toReversed().reduce((done, { command }) => replace(done, command, hook.command), text);
  },
  remove(text) {
    // Two of a group may both take it out.
    const paths = new Map(placesOf(text).map(({ path }) => [path.join(), path]));
    return [...paths.values()].toReversed().reduce(removeAt, text);
  },
  others: (text) => withoutOurs(readValue(text) as Settings),
  nothing: '{}\n',
};

/** With a group of its own: what a person says of theirs may not hold for Pawl's. */
function add(text: string, hook: Hook): string {
  const groups = [{ matcher: MATCHER, hooks: [hook] }];
  if (text.trim() === '') return fresh(text, { [HOOKS]: { [EVENT]: groups } });
  const hooks = hooksIn(text);
  if (hooks === undefined) return insert(text, rootOf(text), { [EVENT]: groups }, HOOKS);
  const event = eventIn(hooks);
  return event === undefined ? insert(text, hooks, groups, EVENT) : insert(text, event, groups[0]);
}

interface Place {
  readonly hook: Hook;
  /** Of what is taken out: a group in which there is nothing else goes whole. */
  readonly path: Path;
  readonly command: Node;
}

function placesOf(text: string): readonly Place[] {
  const hooks = text.trim() === '' ? undefined : hooksIn(text);
  const groups = (hooks && eventIn(hooks)?.children) ?? [];
  return groups.flatMap((group, g) => {
    const list = group.type === 'object' ? valueNode(group, HOOKS) : undefined;
    const found = list?.type === 'array' ? (list.children ?? []) : [];
    const ours = found.flatMap((node, h) => {
      const hook = readValue(text.slice(node.offset, node.offset + node.length));
      const command = node.type === 'object' ? valueNode(node, 'command') : undefined;
      if (command === undefined || !isOurHook(hook)) return [];
      return [{ hook, command, path: [HOOKS, EVENT, g, HOOKS, h] }];
    });
    const whole = [HOOKS, EVENT, g];
    return ours.length === found.length ? ours.map((place) => ({ ...place, path: whole })) : ours;
  });
}

function hooksIn(text: string): Node | undefined {
  const hooks = valueNode(rootOf(text), HOOKS);
  return hooks && asA('object', hooks, JSON.stringify(HOOKS));
}

function eventIn(hooks: Node): Node | undefined {
  const event = valueNode(hooks, EVENT);
  return event && asA('array', event, JSON.stringify(EVENT));
}

interface Settings {
  readonly [HOOKS]?: { readonly [EVENT]?: readonly unknown[] };
}

/** What is left empty by that counts as not there. */
function withoutOurs({ [HOOKS]: hooks, ...rest }: Settings): unknown {
  const { [EVENT]: groups = [], ...events } = hooks ?? {};
  const others = groups.flatMap((group) => {
    const { hooks: list } = Object(group) as { hooks?: unknown };
    if (!Array.isArray(list) || !list.some(isOurHook)) return [group];
    const left = list.filter((hook) => !isOurHook(hook));
    return left.length === 0 ? [] : [{ ...(group as object), hooks: left }];
  });
  return { rest, events, others };
}
