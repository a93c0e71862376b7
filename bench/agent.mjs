/** An agent that does next to nothing: one new file, and a note of how long it took, in the file named first. */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [notes, name] = process.argv.slice(2);
writeFileSync(`${basename(name)}.txt`, 'changed\n');
console.log(JSON.stringify({ type: 'result', summary: 'made a file', status: 'done' }));
// From the start of this process, which is before Node runs any of this.
writeFileSync(notes, String(performance.now()));
