// How values of a record are written for a person at a terminal.

/** "3d 4h", "12m 5s": the two largest units. */
export function age(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return (first < 0 ? parts.slice(-1) : parts.slice(first, first + 2))
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

/** Of an ISO instant: "2026-11-22 12:03:11"; any other text as it is. */
export const dayAndTime = (text: string): string => text.replace(/^(\S+)T(\S+)\.\d+Z$/, '$1 $2');
