/** What a skill returns: what is wrong with it, and how it is asked of whoever does the skill. Pure. */
import { problemWithValue, typeText, type ValueType } from './value-types.ts';

type Returns = Readonly<Record<string, ValueType>>;

/** One for each output that is missing or of another type; none where all is there. Further outputs are none of its business. */
export const problemsWithOutputs = (
  returns: Returns,
  outputs: Readonly<Record<string, unknown>>,
): readonly string[] =>
  Object.entries(returns).flatMap(([name, type]) => {
    if (!Object.hasOwn(outputs, name)) return [`outputs.${name}: expected ${typeText(type)}, got nothing`];
    const problem = problemWithValue(type, outputs[name]);
    return problem === undefined ? [] : [`outputs.${name}: ${problem}`];
  });

/** What an agent reads of it; '' where nothing is to be returned. */
export function returnsText(returns: Returns): string {
  const names = Object.entries(returns);
  if (names.length === 0) return '';
  const lines = names.map(([name, type]) => `  ${JSON.stringify(name)}: ${exampleOf(type)}`);
  return `End your last message with a block of JSON that holds what you return, and nothing after it:\n\`\`\`json\n{\n${lines.join(',\n')}\n}\n\`\`\``;
}

function exampleOf(type: ValueType): string {
  switch (type.kind) {
    case 'enum':
      return type.of.map((value) => JSON.stringify(value)).join(' or ');
    case 'string[]':
      return '["a text", "another one"]';
    case 'string':
      return '"a text"';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return type satisfies never;
  }
}
