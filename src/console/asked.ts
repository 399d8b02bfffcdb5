// What the console is asked, and what it answers: the little of HTTP it needs, so that it knows no library.

export interface Asked {
  readonly method: 'GET' | 'POST';
  /** Behind `/console`, with its slash: "/queue". */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Empty of a GET. */
  readonly form: URLSearchParams;
  /** The id the browser's cookie holds; any text, or none. */
  readonly id: string | undefined;
  readonly host: string;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly address: string | undefined;
}

export interface Answered {
  readonly status: number;
  readonly type: 'html' | 'css' | 'js';
  readonly body: string;
  /** Where the browser goes on. */
  readonly location?: string;
  /** What its cookie is to hold from now on. */
  readonly id?: string;
}

export type AnswerConsole = (asked: Asked) => Promise<Answered>;
