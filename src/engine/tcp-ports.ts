/** TCP ports of this machine: finding a free one, and naming the process that listens on one that is taken. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { allPids, argumentsOf } from '../adapters/programs/processes.ts';

const LISTENING = '0A';

/** The first of the preferred ports that is free on loopback, else any free one. It may be taken a moment later. */
export async function freePort(preferred: readonly number[]): Promise<number> {
  for (const port of preferred) {
    if ((await tryPort(port)) !== undefined) return port;
  }
  const any = await tryPort(0);
  if (any === undefined) throw new Error('no port is free on 127.0.0.1');
  return any;
}

/**
 * Whether a process listens on a port, at whatever address of this machine: others may have the same port at other addresses.
 * undefined when nobody can be seen there.
 */
export function listensOn(pid: number, port: number): boolean | undefined {
  const pids = pidsOn(port);
  return pids.length === 0 ? undefined : pids.includes(pid);
}

/** Who listens on a port, in words such as `node server.js (pid 12)`; undefined when it cannot be seen. */
export function holderOf(port: number): string | undefined {
  const [pid] = pidsOn(port);
  if (pid === undefined) return undefined;
  const [program = 'a process', first] = argumentsOf(pid);
  // No more than the script's name: arguments may hold secrets.
  const script = first === undefined || first.startsWith('-') ? '' : ` ${basename(first)}`;
  return `${basename(program)}${script} (pid ${pid})`;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

const pidsOn = (port: number): number[] =>
  process.platform === 'linux' ? pidsBySockets(port) : pidsByLsof(port);

/** The kernel's tables name a socket's inode; the processes are those that have it open. */
function pidsBySockets(port: number): number[] {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => inodesListening(table, port));
  const links = new Set(sockets.map((inode) => `socket:[${inode}]`));
  if (links.size === 0) return [];
  return allPids().filter((pid) => openFilesOf(pid).some((link) => links.has(link)));
}

function inodesListening(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readOr('', () => readFileSync(table, 'utf8'))
    .split('\n')
    .slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && local?.endsWith(suffix))
    .flatMap((fields) => fields[9] ?? []);
}

function openFilesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readOr([], () => readdirSync(folder)).map((name) =>
    readOr('', () => readlinkSync(`${folder}/${name}`)),
  );
}

function pidsByLsof(port: number): number[] {
  const args = ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'];
  const text = readOr('', () =>
    execFileSync('lsof', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return text.split('\n').flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : []));
}

/** Another user's process, or one that has just ended, cannot be read: it is then not the one we can name. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
