/** What the files of a repository say about its set-up and its checks: one function per ecosystem. Pure but for reading. */

/** The top folder of a repository. */
export interface TopFolder {
  has(name: string): boolean;
  /** The text of a file, undefined when there is none (or it is no plain, small file). */
  read(name: string): Promise<string | undefined>;
}

/** What one ecosystem gives. `from` names the file it was read from. */
export interface Found {
  readonly from: string;
  readonly setup?: string;
  readonly checks: readonly string[];
  /** Why nothing was taken from it. */
  readonly problem?: string;
}

type Ecosystem = (top: TopFolder) => Promise<Found | undefined>;

export async function ecosystemsOf(top: TopFolder): Promise<Found[]> {
  const all = await Promise.all([node, rust, go, python].map((ecosystem) => ecosystem(top)));
  const found = all.filter((one) => one !== undefined);
  // A Makefile mostly calls what was found already; alone it is all there is.
  if (found.some(({ checks }) => checks.length > 0)) return found;
  const made = await make(top);
  return made === undefined ? found : [...found, made];
}

const node: Ecosystem = async (top) => {
  const text = await top.read('package.json');
  if (text === undefined) return undefined;
  const description = objectOf(text);
  if (description === undefined) return { from: 'package.json', checks: [], problem: NO_DESCRIPTION };
  const { manager, setup } = nodeManager(top, description);
  const scripts = asObject(description.scripts) ?? {};
  const named = ['typecheck', 'type-check', 'lint', 'test'].filter((name) => isRealScript(scripts[name]));
  const hasPackages = ['dependencies', 'devDependencies'].some(
    (key) => Object.keys(asObject(description[key]) ?? {}).length > 0,
  );
  return {
    from: 'package.json',
    ...(hasPackages ? { setup } : {}),
    checks: named.map((name) =>
      name === 'test' && manager !== 'bun' ? `${manager} test` : `${manager} run ${name}`,
    ),
  };
};

/** What `npm init` writes is no test. */
const isRealScript = (script: unknown): boolean =>
  typeof script === 'string' && script.trim() !== '' && !script.includes('no test specified');

function nodeManager(
  top: TopFolder,
  { packageManager }: Record<string, unknown>,
): { manager: string; setup: string } {
  if (top.has('pnpm-lock.yaml')) return { manager: 'pnpm', setup: 'pnpm install --frozen-lockfile' };
  if (top.has('yarn.lock')) {
    const modern = top.has('.yarnrc.yml') || /^yarn@[2-9]/.test(String(packageManager));
    return { manager: 'yarn', setup: `yarn install ${modern ? '--immutable' : '--frozen-lockfile'}` };
  }
  if (top.has('bun.lock') || top.has('bun.lockb'))
    return { manager: 'bun', setup: 'bun install --frozen-lockfile' };
  const locked = top.has('package-lock.json') || top.has('npm-shrinkwrap.json');
  return { manager: 'npm', setup: locked ? 'npm ci' : 'npm install' };
}

const rust: Ecosystem = async (top) => {
  if (!top.has('Cargo.toml')) return undefined;
  return { from: 'Cargo.toml', checks: [top.has('Cargo.lock') ? 'cargo test --locked' : 'cargo test'] };
};

const go: Ecosystem = async (top) =>
  top.has('go.mod') ? { from: 'go.mod', checks: ['go vet ./...', 'go test ./...'] } : undefined;

const python: Ecosystem = async (top) => {
  const project = await top.read('pyproject.toml');
  const settings = ['pytest.ini', 'conftest.py'].find((name) => top.has(name));
  const from =
    project === undefined ? (settings ?? (top.has('setup.py') ? 'setup.py' : undefined)) : 'pyproject.toml';
  if (from === undefined) return undefined;
  const usesPytest = settings !== undefined || project?.includes('pytest') === true;
  const hasTests = usesPytest || top.has('tests') || top.has('test');
  const test = `python -m ${usesPytest ? 'pytest' : 'unittest'}`;
  const checks = (command: string) => (hasTests ? [command] : []);
  if (top.has('uv.lock')) return { from, setup: 'uv sync --locked', checks: checks(`uv run ${test}`) };
  if (top.has('poetry.lock')) return { from, setup: 'poetry install', checks: checks(`poetry run ${test}`) };
  return { from, checks: checks(test.replace('python', 'python3')) };
};

const make: Ecosystem = async (top) => {
  for (const from of ['GNUmakefile', 'makefile', 'Makefile']) {
    const text = await top.read(from);
    if (text === undefined) continue;
    const targets = ['check', 'test'].filter((target) => new RegExp(`^${target}\\s*:(?!=)`, 'm').test(text));
    const last = targets.at(-1);
    return last === undefined ? undefined : { from, checks: [`make ${last}`] };
  }
  return undefined;
};

const NO_DESCRIPTION = 'it is no JSON object, so neither set-up nor checks were taken from it';

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const asObject = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
