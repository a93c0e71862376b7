/** Pawl's entry among the servers of a client that keeps them as JSON with comments. */
import type { Node } from 'jsonc-parser';
import type { ConfigurationText } from './configuration-text.ts';
import { ENTRY_NAME, type Entry } from './entry.ts';
import { asA, endOf, fresh, insert, readValue, removeAt, replace, rootOf, valueNode } from './jsonc-edit.ts';

/** Servers stand in the object `key` of the file. */
export const jsonServers = (key: string): ConfigurationText<Entry> => ({
  read(text) {
    const entry = entryNode(text, key);
    return entry && readValue(text.slice(entry.offset, endOf(entry)));
  },
  put(text, entry) {
    if (text.trim() === '') return fresh(text, { [key]: { [ENTRY_NAME]: entry } });
    const servers = serversIn(text, key);
    if (servers === undefined) return insert(text, rootOf(text), { [ENTRY_NAME]: entry }, key);
    const there = entryNode(text, key);
    return there === undefined ? insert(text, servers, entry, ENTRY_NAME) : replace(text, there, entry);
  },
  remove: (text) => (entryNode(text, key) === undefined ? text : removeAt(text, [key, ENTRY_NAME])),
  others(text) {
    const { [key]: servers, ...rest } = { ...(readValue(text) as object) } as Record<string, unknown>;
    const { [ENTRY_NAME]: _, ...others } = { ...(servers as object | undefined) } as Record<string, unknown>;
    return { rest, others };
  },
  nothing: '{}\n',
});

const entryNode = (text: string, key: string): Node | undefined =>
  valueNode(serversIn(text, key), ENTRY_NAME);

function serversIn(text: string, key: string): Node | undefined {
  if (text.trim() === '') return undefined;
  const servers = valueNode(rootOf(text), key);
  return servers && asA('object', servers, JSON.stringify(key));
}
