/** What a client may read by an address: a task as JSON, and what tasks left in the artifact store. */
import {
  type McpServer,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { PawlError } from '../../domain/failures.ts';
import type { Calls, OutputOf } from '../../domain/operations.ts';
import { PART_BYTES_MAX } from './bounds.ts';
import { protocolErrorOf } from './durable-tasks.ts';
import { type Part, partOf } from './parts.ts';

interface ResourceRow {
  readonly name: string;
  /** RFC 6570; one variable. */
  readonly template: string;
  readonly title: string;
  readonly description: string;
  read(engine: Calls, value: string): Promise<Read>;
}
interface Read {
  readonly content: Part['content'];
  /** Where more of it is read, and what there is. */
  readonly rest?: { readonly uri: string; readonly words: string };
}

const RESOURCES: readonly ResourceRow[] = [
  {
    name: 'task',
    template: 'pawl://tasks/{value}',
    title: 'Task',
    description: 'All that is known of a task: status, attempts, gates with evidence, pull request, failure.',
    read: async (engine, id) => ({
      content: {
        mimeType: 'application/json',
        text: JSON.stringify(await engine.show({ id })),
      },
    }),
  },
  {
    name: 'artifact',
    // With what follows the digest in an address that a task holds.
    template: 'pawl://artifacts/{+value}',
    title: 'Artifact',
    description:
      'What a task left behind, by its digest: a text where it is one, else bytes. A long one is read in parts: pawl://artifacts/{digest}?offset={bytes}, and each part names the next.',
    read: readPart,
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
        const { content, rest } = await read(engine, decodeURIComponent(String(value)));
        return {
          contents: [{ uri: uri.href, ...content }, ...(rest === undefined ? [] : [noteOf(rest)])],
        } satisfies ReadResourceResult;
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
    const part: OutputOf<'artifact'> = await engine.artifact({ digest, offset: at });
    parts.push(Buffer.from(part.content, 'base64'));
    if (part.next !== null && part.next <= at)
      throw new Error(`the artifact store went from ${at} to ${part.next}`);
    at = part.next;
  }
  return Buffer.concat(parts);
}

async function readPart(engine: Calls, address: string): Promise<Read> {
  const [digest = '', query] = address.split('?', 2);
  const whole = await readArtifact(engine, digest);
  const offset = Number(new URLSearchParams(query).get('offset') ?? 0);
  if (!Number.isInteger(offset) || offset < 0 || offset > whole.length) {
    throw new PawlError('invalid_input', `offset: expected whole bytes from 0 to ${whole.length}`);
  }
  const { content, next } = partOf(whole, offset, PART_BYTES_MAX);
  if (next === undefined) return { content };
  const uri = `pawl://artifacts/${digest}?offset=${next}`;
  const words = `These are bytes ${offset} to ${next} of ${whole.length}. The next part is ${uri}`;
  return { content, rest: { uri, words } };
}

/** Beside a part, so that a model sees that there is more; programs go on at its address. */
const noteOf = ({ uri, words }: Required<Read>['rest']) => ({
  uri,
  mimeType: 'text/x-pawl-next',
  text: words,
});
