/** The version of this Pawl, from the package's own description, which stands beside `src` and `dist` alike. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const description = new URL('../package.json', import.meta.url);

export const VERSION: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(description, 'utf8'))).version;
