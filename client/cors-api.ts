import * as z from 'zod';
import type { CallApi } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';

const originsSchema = z.looseObject({ origins: z.array(z.string()) });
export type Origins = z.infer<typeof originsSchema>;

/** Whose pages may read what the project answers; each method gives the whole list, and throws `ApiError`. */
export interface CorsApi {
  list(options?: CallOptions): Promise<Origins>;
  allow(origin: string, options?: WriteOptions): Promise<Origins>;
  deny(origin: string, options?: WriteOptions): Promise<Origins>;
}

const ORIGINS = '/v1/cors-origins';

export function createCorsApi({ get, post }: CallApi): CorsApi {
  return {
    list: (options) => get(ORIGINS, originsSchema, options),
    allow: (origin, options) => post(`${ORIGINS}/allow`, { origin }, originsSchema, options),
    deny: (origin, options) => post(`${ORIGINS}/deny`, { origin }, originsSchema, options),
  };
}
