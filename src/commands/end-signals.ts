// Who is told that the process is to end. From its first statement on it ends at once; a command that has begun
// something it must finish asks to be told instead.

/** Replaces whoever was told before; without `act` nobody is. */
export function onEndSignal(act?: () => void): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.removeAllListeners(signal);
    if (act !== undefined) process.on(signal, act);
  }
}
