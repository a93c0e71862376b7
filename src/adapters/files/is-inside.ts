/** Whether a path lies below a folder, by their names alone: links are followed by whoever asks. Pure. */
import { isAbsolute, relative, sep } from 'node:path';

/** @param path absolute, as `folder` is; the folder itself is not inside */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
}
