/** `pawl mcp` on an engine of plain objects, for programs that start a server themselves. */
import { coreTools } from '../../src/edge/mcp/core.ts';
import { serveMcpOnStdio } from '../../src/edge/mcp/stdio.ts';
import { inspectedEngine } from './inspected-engine.ts';

const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());

await serveMcpOnStdio({
  engine: inspectedEngine(),
  tools: coreTools({ person: 'ann' }),
  directory: process.cwd(),
  allowApprove: true,
  person: 'ann',
  version: '1.2.3',
  stdin: process.stdin,
  stdout: process.stdout,
  signal: ending.signal,
});
