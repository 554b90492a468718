import * as z from 'zod';

/** `profile` is what the client calls the login to itself (PROTOCOL 2.1). */
export const beginDeviceLoginSchema = z.strictObject({ profile: z.string().max(200).nullable().optional() });

export const pollDeviceLoginSchema = z.strictObject({ device_code: z.string().min(1).max(2_000) });
