import { beginDeviceLoginSchema, pollDeviceLoginSchema } from '@countersign/protocol/device-login';
import { parseOrRefuse } from '@countersign/protocol/validation';
import * as z from 'zod';
import { beginDeviceLogin, pollDeviceLogin } from '../device-login/answer-device-login.ts';
import type { Settings } from '../settings.ts';
import type { Route } from './route.ts';

/** Something that is asked before anybody has signed in. */
export interface PublicRoute
  extends Pick<Route, 'method' | 'path' | 'summary' | 'bodySchema' | 'querySchema'> {
  /** Throws `Refused`. */
  answer(settings: Settings, body: unknown): ReturnType<typeof beginDeviceLogin>;
}

const DEVICE = '/v1/control/device-authorizations';
const querySchema = z.strictObject({});

/** Signing in on another device (PROTOCOL 2.1): the issuer does it, and the plane hands on what it says. */
export const deviceLoginRoutes: readonly PublicRoute[] = [
  {
    method: 'POST',
    path: DEVICE,
    summary: 'Begin a login on another device, at the identity provider of the dashboard (RFC 8628).',
    bodySchema: beginDeviceLoginSchema,
    querySchema,
    answer: (settings, body) => {
      parseOrRefuse(beginDeviceLoginSchema, body);
      return beginDeviceLogin(settings);
    },
  },
  {
    method: 'POST',
    path: `${DEVICE}/token`,
    summary: 'Whether the code of such a login was entered: then the access token of the identity provider.',
    bodySchema: pollDeviceLoginSchema,
    querySchema,
    answer: (settings, body) =>
      pollDeviceLogin(settings, parseOrRefuse(pollDeviceLoginSchema, body).device_code),
  },
];
