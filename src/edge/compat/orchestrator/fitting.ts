/** As many tasks as one answer has room for. Pure. */
import { LISTED_BYTES_MAX } from '../../mcp/bounds.ts';

/** The first of them; of one that has no room itself for its parts, those parts that have. There is always one. */
export function fitting<T extends object>(entries: readonly T[], bytesMax: number = LISTED_BYTES_MAX): T[] {
  const fits: T[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    if (bytes + size > bytesMax) return fits.length > 0 ? fits : [withFewerParts(entry, bytesMax)];
    bytes += size;
    fits.push(entry);
  }
  return fits;
}

function withFewerParts<T extends object>(entry: T, bytesMax: number): T {
  const { children, ...own }: { readonly children?: unknown } = entry;
  if (!Array.isArray(children) || children.length === 0) return entry;
  const kept = fitting(children, Math.max(bytesMax - sizeOf(own), 0));
  return { ...entry, children: kept, children_left_out: children.length - kept.length };
}

const sizeOf = (value: object): number => Buffer.byteLength(JSON.stringify(value)) + 1;
