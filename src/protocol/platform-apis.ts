// The platform's API by the word an operator file names the dialect with. That each dialect of callbacks has
// one is held where a file is compiled: there the word of the one is looked up here.

import type { PlatformApi } from './platform-api/platform-api.js';
import { seamlessApi } from './platform-api/seamless.js';
import { v2Api } from './platform-api/v2.js';

export const platformApis = { seamless: seamlessApi, v2: v2Api } as const satisfies Readonly<
  Record<string, PlatformApi>
>;
