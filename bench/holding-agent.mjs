/** An agent that writes one file and is done; with an argument it never ends. */
import { writeFileSync } from 'node:fs';

writeFileSync('out.txt', 'well\n');
if (process.argv.length > 2) setInterval(() => undefined, 60_000);
