// The one failure of whatever is worked out from values that only a callback or a reply brings: an
// expression, or text that cannot be written in its format. It is expected, and means that there is no such
// value; every other exception is a bug.

/** An expression that could not be worked out with the values it met. The message names no value. */
export class EvaluationFailure extends Error {
  override readonly name: string = 'EvaluationFailure';
  /** Where in the file it happened; noted by whoever knows, the innermost first. */
  path?: readonly (string | number)[];
  /** Into the text at that path. */
  offset?: number;
  constructor(
    message: string,
    /** The amount has more decimals than the unit it was to be counted in. */
    readonly amount = false,
  ) {
    super(message);
  }
}
