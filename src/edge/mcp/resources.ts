/** What a client may read by an address: a task as JSON, and what tasks left in the artifact store. */
import {
  type McpServer,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { PawlError } from '../../domain/failures.ts';
import { invoke } from '../../domain/invoke.ts';
import type { Calls, OutputOf } from '../../domain/operations.ts';
import { protocolErrorOf } from './tasks.ts';

interface ResourceRow {
  readonly name: string;
  /** RFC 6570; one variable. */
  readonly template: string;
  readonly title: string;
  readonly description: string;
  read(engine: Calls, value: string): Promise<Content>;
}
type Content = { readonly mimeType: string } & ({ readonly text: string } | { readonly blob: string });

const RESOURCES: readonly ResourceRow[] = [
  {
    name: 'task',
    template: 'pawl://tasks/{value}',
    title: 'Task',
    description: 'All that is known of a task: status, attempts, gates with evidence, pull request, failure.',
    read: async (engine, id) => ({
      mimeType: 'application/json',
      text: JSON.stringify(await invoke(engine, 'show', { id })),
    }),
  },
  {
    name: 'artifact',
    // With what follows the digest in an address that a task holds.
    template: 'pawl://artifacts/{+value}',
    title: 'Artifact',
    description: 'What a task left behind, by its digest: a text where it is one, else bytes.',
    read: async (engine, address) => contentOf(await readArtifact(engine, address.split('?', 1)[0] ?? '')),
  },
];

export interface ResourceDeps {
  readonly engine: Calls;
  /** @throws PawlError where this caller may not read */
  readonly admit: (scope: 'read') => void;
  readonly onBug: (error: Error) => void;
}

export function serveResources(mcp: McpServer, { engine, admit, onBug }: ResourceDeps): void {
  for (const { name, template, title, description, read } of RESOURCES) {
    const address = new ResourceTemplate(template, { list: undefined });
    mcp.registerResource(name, address, { title, description }, async (uri, { value }) => {
      try {
        admit('read');
        const content = await read(engine, decodeURIComponent(String(value)));
        return { contents: [{ uri: uri.href, ...content }] } satisfies ReadResourceResult;
      } catch (error) {
        if (error instanceof PawlError && error.code === 'not_found') {
          throw new ResourceNotFoundError(uri.href, error.message);
        }
        throw protocolErrorOf(error, onBug);
      }
    });
  }
}

async function readArtifact(engine: Calls, digest: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let at: number | null = 0;
  // The store bounds an artifact, and each answer leads closer to its end.
  while (at !== null) {
    const part: OutputOf<'artifact'> = await invoke(engine, 'artifact', { digest, offset: at });
    parts.push(Buffer.from(part.content, 'base64'));
    if (part.next !== null && part.next <= at)
      throw new Error(`the artifact store went from ${at} to ${part.next}`);
    at = part.next;
  }
  return Buffer.concat(parts);
}

function contentOf(bytes: Buffer): Content {
  try {
    return { mimeType: 'text/plain', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { mimeType: 'application/octet-stream', blob: bytes.toString('base64') };
  }
}
