/** How to give the engine what it lacks and this shell has. Pure; knows names only. */
import { quote } from 'shell-quote';

export interface InShell {
  /** Those that are set here, of those that the engine lacks. */
  readonly variables: readonly string[];
  /** Where the PATH of this shell has them. */
  readonly programs: readonly { readonly name: string; readonly path: string }[];
  /** `$PAWL_HOME/.env` of the engine; undefined where that is on another host. */
  readonly envFile: string | undefined;
}

/** A line for each; none where this shell does not have it either. */
export function shellAdvice({ variables, programs, envFile }: InShell): readonly string[] {
  const [variable] = variables;
  const ofVariable =
    variable === undefined
      ? []
      : [`the engine does not have ${variable} although this shell does: ${give(variable, envFile)}`];
  // On another host these paths mean nothing.
  const found = envFile === undefined ? [] : programs;
  const ofPrograms = found.map(
    ({ name, path }) =>
      `the engine does not find ${name} on its PATH although this shell does (${path}): start it from this shell with \`pawl down && pawl up -d\`, then run this again`,
  );
  return [...ofVariable, ...ofPrograms];
}

/** The shell fills in the value, so it is neither shown here nor kept in the shell's history. */
function give(variable: string, envFile: string | undefined): string {
  if (envFile === undefined) return 'put it into .env in the PAWL_HOME of the engine, on its host';
  const command = `(umask 077; printf "\\n${variable}='%s'\\n" "$${variable}" >> ${quote([envFile])})`;
  return `put it into ${envFile} with \`${command}\`, then run this again`;
}
