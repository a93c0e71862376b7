/** Reads the text of a `pawl.yaml`: every problem in one error, each with its line and path. */

import { CONFIGURATION_FILE } from '../../domain/configuration-name.ts';
import { PawlError } from '../../domain/failures.ts';
import { issueWords } from '../../domain/issue-words.ts';
import { LIMITS } from '../../domain/limits.ts';
import { RepositoryConfig } from '../../domain/repository-config.ts';
import { pathText, readYaml, type YamlProblem } from '../files/yaml-text.ts';

/**
 * The configuration with its defaults filled in; a text of nothing but comments gives all defaults. Pure.
 * @throws PawlError `invalid_input`; its details are the `YamlProblem`s
 */
export function parseRepositoryConfig(text: string): RepositoryConfig {
  const yaml = readYaml(text, LIMITS.configurationCharsMax);
  if (!yaml.ok) throw invalid(yaml.problems);
  const read = RepositoryConfig.safeParse(yaml.value ?? {}, { error: issueWords });
  if (read.success) return read.data;
  throw invalid(read.error.issues.flatMap((issue) => problemsOf(issue, yaml.lineOf)));
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  /** What is wrong with a key itself. */
  readonly issues?: readonly { readonly message: string }[];
}

function problemsOf(
  { code, path, message, keys, issues }: Issue,
  lineOf: (path: readonly PropertyKey[]) => number,
): YamlProblem[] {
  if (code !== 'unrecognized_keys' || keys === undefined)
    return [{ line: lineOf(path), path: pathText(path), message: issues?.[0]?.message ?? message }];
  return keys.map((key) => ({
    line: lineOf([...path, key]),
    path: pathText([...path, key]),
    message: 'is not a known key',
  }));
}

function invalid(problems: readonly YamlProblem[]): PawlError {
  const words = problems.map(
    ({ line, path, message }) => `line ${line}${path === '' ? '' : `, ${path}`}: ${message}`,
  );
  return new PawlError('invalid_input', `${CONFIGURATION_FILE} is not valid: ${words.join('; ')}`, {
    details: problems,
  });
}
