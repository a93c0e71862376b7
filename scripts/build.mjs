/**
 * Builds `dist/` for the npm package: the sources as JavaScript with their types, and the workflows bundled. Node strips
 * no types under node_modules, and an installed Pawl should start without bundling. The live page is compiled, too.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './setup/run.mjs';
import { SetupError, say } from './setup/telling.mjs';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const compiler = join(root, 'node_modules', '.bin', 'tsc');

if (!existsSync(compiler)) throw new SetupError('the packages are missing', { ways: ['run `npm ci` first'] });
rmSync(dist, { recursive: true, force: true });
await run(compiler, ['-p', join(root, 'tsconfig.build.json')], { cwd: root, onLine: say });
// What the compiler does not know: the loops that Pawl brings.
const builtIn = join('adapters', 'loops', 'built-in');
cpSync(join(root, 'src', builtIn), join(dist, builtIn), { recursive: true });
const { buildWorkflowBundle } = await import('../src/workflow-bundle.ts');
await buildWorkflowBundle(join(dist, 'workflows.bundle.js'));
await run(process.execPath, [join(root, 'scripts', 'dashboard', 'build.mjs'), join(dist, 'dashboard')], {
  cwd: root,
  onLine: say,
});
say('✔ dist');
