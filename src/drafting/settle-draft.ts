// Holds a draft to what `check` says of it, so that nobody is sent to check a file that check refuses: the
// example keeps what of the sample the file really makes, and what it does not make is told.

import type { Draft, GoldenRequest } from './from-sample.js';
import type { Problem } from '../yaml/diagnostics.js';

export interface Settled {
  readonly text: string;
  readonly remarks: readonly string[];
  /** What check refuses nevertheless. */
  readonly undone: readonly Problem[];
}

/** `refusals`: what check finds wrong with a file of this text. */
export function settled(draft: Draft, refusals: (text: string) => readonly Problem[]): Settled {
  const remarks: string[] = [];
  let { paths = [], bodies = [], headers = [] } = draft.golden ?? {};
  let isHeld = draft.golden !== undefined;
  let withReply = draft.hasReply;
  const [firstPath, firstBody] = [paths[0], bodies[0]];
  const golden = (): GoldenRequest | undefined =>
    isHeld && draft.golden !== undefined
      ? { method: draft.golden.method, path: paths[0], headers, body: bodies[0] }
      : undefined;

  /** Whether something was changed for it. */
  function giveWay({ path, message }: Problem): boolean {
    const [, part = ''] = /^examples\[0\]\.?(.*)$/.exec(path) ?? ['', 'elsewhere'];
    const header = headers.find(([name]) => part.startsWith('request.headers') && part.includes(name));
    if (part === 'request.path' && paths.length > 0) {
      paths = paths.slice(1);
      remarks.push(otherwise('path', paths.length > 0, message));
    } else if (part === 'request.body' && bodies.length > 0) {
      bodies = bodies.slice(1);
      if (bodies.length === 0 || draft.golden?.bodies.length === bodies.length + 1)
        remarks.push(otherwise('body', bodies.length > 0, message));
    } else if (header !== undefined) {
      headers = headers.filter((one) => one !== header);
      if (header[0] !== draft.sign?.name) remarks.push(otherwise(`header ${header[0]}`, false, message));
    } else if (part !== 'elsewhere' && withReply) {
      withReply = false;
      remarks.push(`the reply of the sample is left out: it ${message}`);
    } else if (part !== 'elsewhere' && isHeld) {
      isHeld = false;
      remarks.push(`no example holds the file to the sample's request: ${message}`);
    } else return false;
    return true;
  }

  for (;;) {
    const text = draft.text(golden(), withReply);
    const wrong = refusals(text);
    if (wrong.length > 0 && wrong.map(giveWay).some(Boolean)) continue;
    const isAsSent =
      paths[0] === firstPath && bodies[0] === firstBody && headers.length === (draft.golden?.headers.length ?? 0);
    return { text, remarks: [...draft.remarks, ...remarks, ...signRemark(draft, isHeld && isAsSent)], undone: wrong };
  }
}

const otherwise = (what: string, isSame: boolean, message: string): string =>
  isSame
    ? `the bridge writes the ${what} otherwise than the sample ${what === 'body' ? '(no white space, its own escapes and numbers) ' : ''}and the example holds what it writes: it ${message}`
    : `the ${what} of the sample is not what the file makes, and the example leaves it out: it ${message}`;

function signRemark({ sign }: Draft, isHeld: boolean): string[] {
  if (sign?.expression === undefined) return [];
  return [
    isHeld
      ? `${sign.name} is reproduced: \${${sign.expression}}`
      : `${sign.name} is made of the sample's own bytes by \${${sign.expression}}, but the file sends other bytes, so no example proves it`,
  ];
}
