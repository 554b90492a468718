import * as z from 'zod';

const hours = z.number().min(0.01).max(8_760).nullable();

/** How often copies are made and proven, and how long they are kept; as whoever runs an installation says it. */
export const backupSettingsShape = {
  /** From one snapshot to the next; null: only when somebody asks. */
  every_hours: hours.default(24),
  /** From one proven restore to the next; null: only when somebody asks. */
  prove_every_hours: hours.default(24),
  keep: z
    .strictObject({ count: z.int().min(1).max(10_000), days: z.number().min(0).max(36_500) })
    .default({ count: 14, days: 30 }),
} as const;
