import * as z from 'zod';
import type { CallApi } from './call-api.ts';
import type { WriteOptions } from './http.ts';
import { shown, shownBefore } from './shown-once.ts';

const account = { api_key: z.looseObject({ key_id: z.string(), project_id: z.string(), name: z.string() }) };
const firstServiceSchema = z.discriminatedUnion('secret_available', [
  z.looseObject({ ...account, ...shown, token: z.string() }),
  z.looseObject({ ...account, ...shownBefore }),
]);
export type FirstService = z.infer<typeof firstServiceSchema>;

export interface NewFirstService {
  /** Which tool it is for. */
  readonly name?: string | undefined;
}

/** The first run, before there is anybody. Every method throws `ApiError`. */
export interface BootstrapApi {
  /** Over a connection whose token is the bootstrap token. Once in the life of a project. */
  exchange(service: NewFirstService, options?: WriteOptions): Promise<FirstService>;
  /** Over a connection without a token, to a plane of this machine that asks nobody who they are. */
  localService(service: NewFirstService, options?: WriteOptions): Promise<FirstService>;
}

export function createBootstrapApi({ post }: CallApi): BootstrapApi {
  return {
    exchange: (service, options) =>
      post('/v1/bootstrap/exchange', { ...service }, firstServiceSchema, options),
    localService: (service, options) =>
      post('/v1/bootstrap/service-account', { ...service }, firstServiceSchema, options),
  };
}
