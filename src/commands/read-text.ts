// A file that a command is given beside the operator files.

import { statSync } from 'node:fs';
import { fileText, NotText } from '../codecs/file-text.js';

/** Its text, or why there is none. */
export function readText(path: string): string | { readonly because: string } {
  try {
    return fileText(path);
  } catch (failure) {
    if (failure instanceof NotText) return { because: `${failure.message}; expected a text file` };
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { because: 'no such file' };
    return { because: `cannot be read${found.isDirectory() ? ': it is a directory' : ''}; expected a text file` };
  }
}
