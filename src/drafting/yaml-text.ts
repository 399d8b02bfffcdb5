// Texts as they stand in a YAML file that a command writes.

/** As YAML reads it back to the character; plain where that is certain. */
export function quoted(text: string): string {
  if (/^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)) return text;
  return /^[\x20-\x7e\u00a0-\ud7ff]*$/.test(text) && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

/** An expression as a value of its own line: plain, unless YAML would read something else in it. */
export const unquoted = (text: string): string =>
  /[^\x20-\x7e\u00a0-\ud7ff]/.test(text) ? JSON.stringify(text) : /: | #|:$/.test(text) ? inQuotes(text) : text;

export const inQuotes = (text: string): string => `'${text.replaceAll("'", "''")}'`;
