// How the clock is written for wallets that want a date of their own. The time of day is the wallet's time
// zone's, never this machine's; patterns and zones are judged when the file is loaded.

export type ClockFormat = (epochMs: number) => string;

/** `offset`: minutes east of Greenwich. */
interface Reading {
  readonly fields: Readonly<Record<string, string>>;
  readonly offset: number;
}

const letters: Readonly<Record<string, (reading: Reading) => string>> = {
  yyyy: ({ fields }) => fields['year'] ?? '',
  yy: ({ fields }) => (fields['year'] ?? '').slice(-2),
  MM: ({ fields }) => fields['month'] ?? '',
  dd: ({ fields }) => fields['day'] ?? '',
  HH: ({ fields }) => fields['hour'] ?? '',
  mm: ({ fields }) => fields['minute'] ?? '',
  ss: ({ fields }) => fields['second'] ?? '',
  SSS: ({ fields }) => fields['fractionalSecond'] ?? '',
  XXX: ({ offset }) => (offset === 0 ? 'Z' : offsetText(offset, ':')),
  xxx: ({ offset }) => offsetText(offset, ':'),
  XX: ({ offset }) => (offset === 0 ? 'Z' : offsetText(offset, '')),
  xx: ({ offset }) => offsetText(offset, ''),
};
export const clockLetters = Object.keys(letters).join(' ');

const formats = new Map<string, ClockFormat | undefined>();

/**
 * The way to write a time, made once for each pattern and IANA zone: letters as in java.time
 * ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX"), other letters in single quotes. Undefined where the pattern or the zone
 * is none. Only literals of operator files come here.
 */
export function clockFormat(pattern: string, zone: string): ClockFormat | undefined {
  const key = `${zone} ${pattern}`;
  if (!formats.has(key)) formats.set(key, compile(pattern, zone));
  return formats.get(key);
}

export function isZone(zone: string): boolean {
  return calendarOf(zone) !== undefined;
}

function compile(pattern: string, zone: string): ClockFormat | undefined {
  const calendar = calendarOf(zone);
  const pieces = piecesOf(pattern);
  if (calendar === undefined || pieces === undefined) return undefined;
  return (epochMs) => {
    const reading = read(calendar, epochMs);
    return pieces.map((piece) => (typeof piece === 'string' ? piece : piece(reading))).join('');
  };
}

function piecesOf(pattern: string): (string | ((reading: Reading) => string))[] | undefined {
  const pieces: (string | ((reading: Reading) => string))[] = [];
  for (const [token, quoted] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^]/g)) {
    if (quoted !== undefined) pieces.push(quoted === '' ? "'" : quoted.replaceAll("''", "'"));
    else if (/^[A-Za-z]/.test(token)) {
      const piece = letters[token];
      if (piece === undefined) return undefined;
      pieces.push(piece);
    } else if (token === "'") return undefined;
    else pieces.push(token);
  }
  return pieces.length === 0 ? undefined : pieces;
}

function calendarOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
    });
  } catch {
    return undefined;
  }
}

function read(calendar: Intl.DateTimeFormat, epochMs: number): Reading {
  const fields: Record<string, string> = {};
  for (const { type, value } of calendar.formatToParts(epochMs)) fields[type] = value;
  const { year, month, day, hour, minute, second } = fields;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return { fields, offset: Math.round((local - Math.floor(epochMs / 1000) * 1000) / 60_000) };
}

function offsetText(offset: number, colon: string): string {
  const minutes = Math.abs(offset);
  const two = (count: number): string => String(count).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${colon}${two(minutes % 60)}`;
}
