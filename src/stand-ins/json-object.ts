// The shape of what the witnesses read. Their JSON is read by a library and not by the bridge's reader, so
// that a mistake there cannot hide itself here. Its numbers keep the text they had on the wire, because a
// witness that rounds proves nothing.
import { isLosslessNumber } from 'lossless-json';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed value is a JSON object, so that its members can be looked at. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}
