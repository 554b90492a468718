import type { Backups } from '@countersign/client/backups-api';
import { span } from '../../format/clock.ts';
import { scheduleText } from '../../keeping/backup-words.ts';
import { Chip } from '../../ui/chip.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Foreign } from '../../ui/value.tsx';
import { When } from '../../ui/when.tsx';
import { Fact, Facts } from '../facts.tsx';

const DAY_HOURS = 24;

/** Alarms first, then how fresh the copies are. */
export function BackupStanding({ backups }: { readonly backups: Backups }) {
  const { alarms, keep, last_proven_restore: proof, last_snapshot_at } = backups;
  return (
    <>
      {alarms.map(({ code, message, next, since }) => (
        <Notice key={code} tone="bad" title={<Foreign text={message} />} next={<Foreign text={next} />}>
          <p>
            <code>{code}</code>, since <When at={since} />
          </p>
        </Notice>
      ))}
      <Facts>
        <Fact name="Last proven restore">
          {proof == null ? (
            <>
              <Chip tone="warn">never</Chip> Nobody knows yet whether a copy comes back.
            </>
          ) : (
            <>
              <Chip tone="good">proven</Chip> <When at={proof.at} />, of <code>{proof.snapshot_id}</code>, in{' '}
              {tookText(proof.took_ms)}
            </>
          )}
        </Fact>
        <Fact name="Last snapshot">
          {last_snapshot_at == null ? 'never' : <When at={last_snapshot_at} />}
        </Fact>
        <Fact name="By the clock">{scheduleText(backups)}</Fact>
        <Fact name="Kept">
          the newest {keep.count}, and all that are younger than {keep.days * DAY_HOURS} h; what was set aside
          or archived, for good
        </Fact>
      </Facts>
    </>
  );
}

function tookText(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : span(milliseconds);
}
