/**
 * Which lines of the workflows ran: Temporal evaluates them as one bundle in a context of its own, which the coverage of
 * the test runner does not look into. V8 is asked itself, and the bundle's source map tells which lines they were.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector/promises';
import { basename, join, sep } from 'node:path';
import { parse } from 'acorn';
import convert from 'ast-v8-to-istanbul';

const SOURCES = join(import.meta.dirname, '..', '..', 'src') + sep;
const SOURCE_MAP = /^\/\/# sourceMappingURL=data:application\/json;[^,]*base64,(\S+)$/m;

/** @param folder where a file of coverage is left, in the form of istanbul */
export async function startBundleCoverage(folder: string): Promise<{ write(): Promise<void> }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    async write() {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      session.disconnect();
      const run = result.filter(({ url }) => basename(url).startsWith('workflow-bundle-'));
      for (const script of run) {
        const ours = Object.entries(await linesOf(script)).filter(([path]) => path.startsWith(SOURCES));
        writeFileSync(
          join(folder, `workflows-${randomUUID()}.json`),
          JSON.stringify(Object.fromEntries(ours)),
        );
      }
    },
  };
}

async function linesOf(script: Profiler.ScriptCoverage) {
  const code = readFileSync(new URL(script.url), 'utf8');
  const [, map = ''] = SOURCE_MAP.exec(code) ?? [];
  return convert({
    code,
    ast: Promise.resolve(parse(code, { ecmaVersion: 'latest', sourceType: 'script' })),
    sourceMap: JSON.parse(Buffer.from(map, 'base64').toString('utf8')),
    coverage: { url: script.url, functions: script.functions },
  });
}
