export const BROWSER_ARGUMENTS: readonly string[];
export function findBrowser(env?: Readonly<Record<string, string | undefined>>): string | undefined;
