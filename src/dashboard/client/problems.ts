/** What the engine answers instead of a result, in its own words. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Of an answer that is not `ok`. A proxy on the way may answer in another form. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  const { code, message } =
    (body as { error?: { code?: string; message?: string } } | undefined)?.error ?? {};
  return new Problem(
    response.status,
    code ?? 'unavailable',
    message ?? `expected an answer of the engine, got HTTP ${response.status}: look at \`pawl doctor\``,
  );
}
