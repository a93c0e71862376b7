/** The JSON Schema of a loop's file, from the schema by which it is read: editors complete and check with it. */
import { z } from 'zod';
import { WrittenCheck } from '../repository-config.ts';
import { WrittenCommand } from '../written-command.ts';
import { WrittenLoop } from './definition.ts';

/** The name of the file beside which loops lie; each names it in its first line. */
export const LOOP_SCHEMA_FILE = 'loop.schema.json';
export const LOOP_SCHEMA_LINE = `# yaml-language-server: $schema=../${LOOP_SCHEMA_FILE}`;

/** JSON, as a file has it. */
export function loopSchemaText(): string {
  const schema = z.toJSONSchema(WrittenLoop, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== WrittenCheck) return;
      const long = { ...jsonSchema };
      for (const key of Object.keys(long)) delete jsonSchema[key];
      // A command alone is a check, too: what makes it an object has no schema of its own.
      jsonSchema.anyOf = [...COMMAND_FORMS, long];
    },
  });
  const { $schema, ...rest } = schema;
  const head = {
    $schema,
    title: 'A loop of Pawl',
    description: 'Phases in order, each with skills and, after them, gates.',
  };
  return `${JSON.stringify({ ...head, ...rest }, null, 2)}\n`;
}

const COMMAND_FORMS = z.toJSONSchema(WrittenCommand, { io: 'input' }).anyOf ?? [];
