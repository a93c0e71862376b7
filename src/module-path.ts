/** Sources run as .ts in a clone and as .js in the package; whoever names a module by path asks here. */
import { fileURLToPath } from 'node:url';

/** @param name path relative to `src`, without its extension: `workflows/payload-converter` */
export function modulePath(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`./${name}${extension}`, import.meta.url));
}
