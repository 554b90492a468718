import { doctorReportSchema } from '@countersign/protocol/doctor-report';
import type * as z from 'zod';
import { viewSchema } from './call-api.ts';
import { type CallOptions, type Connection, call } from './http.ts';

export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** Every issuer may take some seconds. */
const DOCTOR_MS = 30_000;

/** How the control plane itself is. Every method throws `ApiError`. */
export interface EngineApi {
  /** Whether it answers at all; asked once, and no credential is sent. */
  alive(options?: CallOptions): Promise<void>;
  /** What is wrong with the installation; for owners, admins and operators. */
  doctor(options?: CallOptions): Promise<DoctorReport>;
}

export function createEngineApi(connection: Connection): EngineApi {
  const { url, userAgent } = connection;
  return {
    alive: async (options) => {
      await call({ url, userAgent }, { method: 'GET', path: '/health', answer: viewSchema, ...options });
    },
    doctor: (options) =>
      call(connection, {
        method: 'GET',
        path: '/v1/engine/doctor',
        timeoutMs: DOCTOR_MS,
        answer: doctorReportSchema,
        ...options,
      }),
  };
}
