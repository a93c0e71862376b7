/** A stack of clean-ups, run last in, first out: at the end of an engine, or when its start fails half-way. */
export interface Endings {
  add(what: string, end: () => Promise<void> | void): void;
  /**
   * Runs all of them, each once, whatever the others do; a second call waits for the first.
   * @throws the first error, after all have run
   */
  run(): Promise<void>;
}

export function createEndings(onNotice: (line: string) => void): Endings {
  const todo: { readonly what: string; readonly end: () => Promise<void> | void }[] = [];
  let running: Promise<void> | undefined;
  const runAll = async () => {
    const errors: unknown[] = [];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      try {
        await next.end();
      } catch (error) {
        errors.push(error);
        onNotice(
          `${next.what} did not end properly: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    if (errors.length > 0) throw errors[0];
  };
  return {
    add: (what, end) => void todo.push({ what, end }),
    run: () => {
      running ??= runAll();
      return running;
    },
  };
}
