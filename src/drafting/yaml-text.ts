// Texts as they stand in a YAML file that a command writes.

/** As YAML reads it back to the character; plain where that is certain. */
export function quoted(text: string): string {
  if (/^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)) return text;
  return /^[\x20-\x7e\u00a0-\ud7ff]*$/.test(text) && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}
