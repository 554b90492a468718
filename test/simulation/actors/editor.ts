import { newProcess } from '../schedule.ts';
import type { World } from '../world.ts';

/** Somebody changes rows directly: what was approved on an older version must then not be written. */
export function startEditor(world: World): void {
  if (!world.isDeadly) void edit(world);
}

async function edit(world: World): Promise<void> {
  const { random, schedule, faults, customer } = world;
  const self = newProcess('editor');
  while (!world.isCalm) {
    await schedule.think(self, random.between(50, 4_000), 'editor works');
    if (world.isCalm) return;
    const row = random.anyOf(customer.rows);
    if (row === undefined) continue;
    if (faults.strikes('row_edited')) await customer.edit(self, row.id, row.version + random.between(1, 3));
    const written = random.anyOf(customer.tables.receipts.slice(-3));
    if (written !== undefined && faults.strikes('row_restored'))
      await customer.edit(self, written.row, written.base);
  }
}
