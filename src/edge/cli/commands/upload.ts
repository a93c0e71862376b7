/** `pawl upload`, and the files of a report to an engine elsewhere: read here, kept there, named by their addresses. */
import { isAbsolute, relative } from 'node:path';
import { type Command, Option } from 'commander';
import { ARTIFACT_TYPES } from '../../../domain/artifact-address.ts';
import type { ArtifactType } from '../../../domain/artifacts.ts';
import type { OutputOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { absolute } from '../options.ts';

const UPLOAD_HELP = `
Examples:
  pawl upload report.pdf --type documentation
  pawl complete notes-1 --summary "Written" --artifact "$(pawl upload notes.md)"

With PAWL_URL \`pawl complete --file\` and \`pawl update --file\` do it by themselves.`;

export function describeUpload(command: Command, cli: Cli): void {
  command
    .argument('<file>', 'a file of this host')
    .addOption(new Option('--type <type>', 'what it is').choices(ARTIFACT_TYPES))
    .option('--name <name>', 'what it is called; default: its path from here')
    .addHelpText('after', UPLOAD_HELP)
    .action(async (file: string, options: Named) => {
      const answer = await upload(cli, file, options);
      cli.telling.result(answer, () => answer.address);
    });
}

interface Named {
  readonly type?: ArtifactType;
  readonly name?: string;
}

/** Idempotent: content has one address. @throws PawlError `invalid_input` for a file that is not sent */
async function upload(cli: Cli, file: string, { type, name }: Named): Promise<OutputOf<'upload'>> {
  const path = absolute(cli, file);
  const content = (await cli.world.readFile(path)).toString('base64');
  return cli.call('upload', { content, name: name ?? nameOf(cli, path), type });
}

/** From here, or its last word where it is elsewhere: whoever reads the task need not know this host. */
function nameOf({ world }: Cli, path: string): string {
  const name = relative(world.cwd, path);
  return name.startsWith('..') || isAbsolute(name) ? path.slice(path.lastIndexOf('/') + 1) : name;
}

/** @returns the addresses of the files once they are kept */
export async function uploadAll(
  cli: Cli,
  files: readonly string[],
  type: ArtifactType | undefined,
): Promise<string[]> {
  const addresses = [];
  for (const file of files) addresses.push((await upload(cli, file, { ...(type && { type }) })).address);
  return addresses;
}
