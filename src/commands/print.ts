// What commands print. Whoever reads it may stop before its end, as `head` does. The command then goes on
// in silence – `probe` still puts back the player's money – and its exit code says what it always says.

/** Lines for standard output, and what a script branches on. */
export interface Printed {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1 | 2;
}

export function print({ lines, exitCode }: Printed): void {
  lines.forEach(printLine);
  process.exitCode = exitCode;
}

export const printLine = (line: string): void => write(process.stdout, `${line}\n`);

const printedAtOnce = 32_768;

/**
 * Texts as they come, no faster than they are read; false: whoever read them stopped before the end, and no
 * more was asked for. Rejects with what the texts reject with.
 */
export async function printEach(texts: AsyncIterable<string>): Promise<boolean> {
  let some = '';
  for await (const text of texts) {
    some += text;
    if (some.length < printedAtOnce) continue;
    if (!(await isTaken(some))) return false;
    some = '';
  }
  return isTaken(some);
}

const isTaken = (text: string): Promise<boolean> =>
  new Promise((resolve) => write(process.stdout, text, (error) => resolve(error === undefined || error === null)));

/** Why a command did nothing at all. */
export function complain(lines: readonly string[]): void {
  lines.forEach((line) => write(process.stderr, `${line}\n`));
  process.exitCode = 2;
}

/** Streams are only touched once there is something to say: `serve` leaves them to the log. */
export function write(stream: NodeJS.WriteStream, text: string, done?: (error?: Error | null) => void): void {
  if (!stream.listeners('error').includes(unlessUnread)) stream.on('error', unlessUnread);
  stream.write(text, done);
}

function unlessUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
