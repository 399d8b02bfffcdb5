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

/** Why a command did nothing at all. */
export function complain(lines: readonly string[]): void {
  lines.forEach((line) => write(process.stderr, `${line}\n`));
  process.exitCode = 2;
}

/** Streams are only touched once there is something to say: `serve` leaves them to the log. */
export function write(stream: NodeJS.WriteStream, text: string): void {
  if (!stream.listeners('error').includes(unlessUnread)) stream.on('error', unlessUnread);
  stream.write(text);
}

function unlessUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
