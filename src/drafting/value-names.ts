// What the names of a vendor's fields, parameters and headers say of their values.

export const looksLikeSign = (name: string): boolean => /sign|hash|hmac|^mac$|digest|checksum|token2/i.test(name);

const session = /session|usertoken|playertoken|^token$|sid$/;

/** The player's, which an operator file reads as `player.?session`. */
export const saysSession = (name: string): boolean => session.test(plainName(name));

/** Without separators. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
