import type { VersionView } from '@countersign/client/contracts-api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Scrolled } from '../in-force/scrolled.tsx';
import sheet from '../in-force/sheet.module.css';
import { SwitchDialog } from '../in-force/switch-dialog.tsx';
import { usePlane } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Foreign } from '../ui/value.tsx';
import { ChangeList } from './change-list.tsx';
import { isOlder, versionName } from './chosen-version.ts';
import { countText, orderChanges } from './order-changes.ts';
import { contractsKey, useVersionDiff } from './use-contract.ts';

interface Props {
  readonly contractId: string;
  readonly version: VersionView;
  readonly active: VersionView | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks before a version comes into force: what it permits more, and what becomes of what waits. */
export function SwitchVersionDialog({ contractId, version, active, onDone, onClose }: Props) {
  const { contracts, projectId } = usePlane();
  const client = useQueryClient();
  const to = version.contract_version_id;
  const diff = useVersionDiff(contractId, active?.contract_version_id, to);
  const goesBack = isOlder(version, active);
  const switching = useMutation({
    mutationFn: (reason: string | undefined) =>
      contracts[goesBack ? 'rollback' : 'activate'](contractId, to, reason, {
        idempotencyKey: crypto.randomUUID(),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: contractsKey(projectId) }),
  });
  const changes = diff.data?.changes ?? [];
  const { risky } = orderChanges(changes);
  return (
    <SwitchDialog
      draft={`activate.${to}`}
      title={goesBack ? 'Roll back' : 'Bring into force'}
      action={goesBack ? 'Roll back' : 'Activate'}
      look={risky.length > 0 ? 'danger' : 'main'}
      needsReason={diff.data?.risk_increasing === true || risky.length > 0}
      isReady={active === undefined || diff.data !== undefined}
      isPending={switching.isPending}
      error={switching.error}
      onSend={(reason) => switching.mutateAsync(reason).then(onDone)}
      onClose={onClose}
    >
      <p>
        <strong>
          <Foreign text={versionName(version)} />
        </strong>{' '}
        {active === undefined ? (
          'is the first of this contract to be in force: agents can propose what it allows.'
        ) : (
          <>
            takes the place of <Foreign text={versionName(active)} />
            {diff.data === undefined ? '.' : `: ${countText(changes)}.`}
          </>
        )}
      </p>
      {diff.isLoading ? <PageWait text="Comparing" /> : null}
      {diff.error === null ? null : <Fault error={diff.error} onRetry={() => void diff.refetch()} />}
      {active === undefined || risky.length === 0 ? null : (
        <Scrolled label="What permits more">
          <ChangeList changes={risky} from={versionName(active)} to={versionName(version)} />
        </Scrolled>
      )}
      {active === undefined ? null : (
        <p className={sheet.small}>
          What is approved already goes on. What waits for a decision under the version before cannot be
          approved any more: it can be rejected, and proposed again.
        </p>
      )}
    </SwitchDialog>
  );
}
