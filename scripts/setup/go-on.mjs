/**
 * Going on with another Node: the child takes over this process's arguments and terminal, and this process does nothing
 * but hand signals down and end as the child ends. Must run on Node 18.
 */
import { spawn } from 'node:child_process';
import { withNodeFirst } from './node.mjs';

const PARENT_POLL_MS = 500;

/**
 * Runs `node args`, that Node first on PATH. Ends this process with the child's exit code, or by the child's signal, so
 * that whoever waits sees what really happened. Never settles otherwise. @throws Error when the child cannot start
 */
export async function goOnWith(node, args, env = process.env) {
  const child = spawn(node, args, { stdio: 'inherit', env: withNodeFirst(node, env) });
  const passOn = (signal) => {
    // In a terminal Ctrl-C reaches the whole group: handed on, it would count as a second one.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, passOn);
  const watch = env.npm_lifecycle_event === undefined ? undefined : endWithParent(child);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (...end) => resolve(end));
  });
  clearInterval(watch);
  for (const name of signals) process.off(name, passOn);
  if (signal === null) process.exit(code);
  process.kill(process.pid, signal);
  // The signal arrives in a moment; one that is ignored must not look like success.
  setTimeout(() => process.exit(1), 1_000);
}

/** SIGTERM ends npm and its shell but not what they started: without this, that would run on unseen. */
function endWithParent(child) {
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, PARENT_POLL_MS);
}
