// What doctor has found out, one row each: how grave it is, what it is about, and a sentence that says what to do.

export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  /** Such as "redis", or "wallet of harbour". */
  readonly about: string;
  readonly says: string;
}

const at =
  (level: Finding['level']) =>
  (about: string, says: string): Finding => ({ level, about, says });

export const ok = at('ok');
export const warn = at('warn');
export const fail = at('fail');
