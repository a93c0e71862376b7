/**
 * What set-up tells people, on stderr so that stdout stays a command's own. In a terminal one line lives while a step
 * works; elsewhere a line says that it began and, every so often, that it goes on.
 */
const QUIET_LINE_MS = 15_000;

/** Nothing that set-up can repair by itself: `tried` says what was done, `ways` each way out. */
export class SetupError extends Error {
  constructor(problem, { tried = [], ways = [], cause } = {}) {
    super(problem, cause === undefined ? undefined : { cause });
    this.name = 'SetupError';
    this.tried = tried;
    this.ways = ways;
  }

  /** The whole of it for a person, one way a line. */
  report() {
    return [
      `pawl set-up: ${this.message}`,
      ...this.tried.map((line) => `  tried: ${line}`),
      ...this.ways.map((line) => `  you can: ${line}`),
    ].join('\n');
  }
}

export const say = (line) => void process.stderr.write(`${line}\n`);

/** Says that `label` works while `work` does; `work` gets a function that takes the finished share, 0 to 1. */
export async function telling(label, work, stream = process.stderr) {
  const began = Date.now();
  let share;
  const line = () => {
    const seconds = Math.round((Date.now() - began) / 1000);
    const done = share === undefined ? '' : ` ${Math.min(99, Math.floor(share * 100))} %`;
    return `… ${label}${done}${seconds === 0 ? '' : `, ${seconds} s`}`;
  };
  const terminal = stream.isTTY === true;
  const show = () => stream.write(terminal ? `\r\u001B[2K${line()}` : `${line()}\n`);
  show();
  const timer = setInterval(show, terminal ? 250 : QUIET_LINE_MS);
  try {
    return await work((finished) => {
      share = finished;
    });
  } finally {
    clearInterval(timer);
    if (terminal) stream.write('\r\u001B[2K');
  }
}
