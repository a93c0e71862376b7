/** `pawl mcp` on an engine of plain objects, for programs that start a server themselves. */
import { serveMcpOnStdio } from '../../src/edge/mcp/stdio.ts';
import { asked } from '../edge/cli/fake-engine.ts';
import { keepingHere } from '../edge/kept-in-memory.ts';
import { inspectedEngine, TOOLS } from './inspected-engine.ts';

const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());

await serveMcpOnStdio({
  engine: asked(inspectedEngine()),
  keeps: keepingHere(),
  tools: TOOLS,
  directory: process.cwd(),
  allowApprove: true,
  version: '1.2.3',
  stdin: process.stdin,
  stdout: process.stdout,
  signal: ending.signal,
});
