/** How much of the sources the tests run in their own processes: what programs that they start run is not counted. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import coverage from 'istanbul-lib-coverage';

/** At least so many of a hundred lines. */
const LINES_MIN = { domain: 90, workflows: 90, edge: 90 };

/** What tells vitest to leave coverage as JSON in `folder`. */
export const coverageArgs = (folder) => [
  '--coverage.enabled',
  '--coverage.reportOnFailure',
  '--coverage.provider=v8',
  '--coverage.reporter=json',
  `--coverage.reportsDirectory=${join(folder, 'vitest')}`,
  ...Object.keys(LINES_MIN).map((name) => `--coverage.include=src/${name}/**`),
];

/** What is printed, and whether every part has enough. */
export function coverageIn(folder, root) {
  const map = coverage.createCoverageMap({});
  for (const path of reportsIn(folder)) map.merge(JSON.parse(readFileSync(path, 'utf8')));
  const parts = Object.entries(LINES_MIN).map(([name, least]) => {
    const summary = coverage.createCoverageSummary();
    const within = join(root, 'src', name) + sep;
    for (const file of map.files())
      if (file.startsWith(within)) summary.merge(map.fileCoverageFor(file).toSummary());
    const { pct } = summary.lines;
    return { words: `src/${name} ${pct} %`, enough: pct >= least };
  });
  return {
    words: `lines covered: ${parts.map(({ words }) => words).join(' · ')}`,
    enough: parts.every(({ enough }) => enough),
  };
}

function reportsIn(folder) {
  const own = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const vitest = join(folder, 'vitest', 'coverage-final.json');
  return [...own.map(({ name }) => join(folder, name)), ...(existsSync(vitest) ? [vitest] : [])];
}
