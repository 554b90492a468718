import { lintContract } from '@countersign/protocol/contract-lint/lint-contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import sheet from '../in-force/sheet.module.css';
import { usePlane } from '../plane/plane-context.ts';
import { Chip } from '../ui/chip.tsx';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Foreign } from '../ui/value.tsx';
import { chosenVersion } from './chosen-version.ts';
import { Compare } from './compare.tsx';
import { ContractDocument } from './contract-document.tsx';
import type { ContractTab } from './contract-search.ts';
import { Findings } from './findings.tsx';
import { Permitted } from './permitted.tsx';
import { useContract, useVersionDocument } from './use-contract.ts';
import { VersionHead } from './version-head.tsx';
import { Versions } from './versions.tsx';

const route = getRouteApi('/gate/t/$project/contracts/$contractId');

/** One contract: what a version permits, what is dangerous in it, and how it differs from others. */
export function ContractPage() {
  const { address } = usePlane();
  const { contractId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useContract(contractId);
  const chosen = data === undefined ? undefined : chosenVersion(data.contract, data.versions, search);
  const read = useVersionDocument(contractId, chosen?.version);
  const contract = read.data?.contract;
  const findings = useMemo(() => (contract === undefined ? [] : lintContract(contract)), [contract]);
  if (data === undefined || chosen === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  const { version } = chosen;
  const tab = search.tab ?? 'allows';
  const open = (next: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const dangers = findings.filter(({ severity }) => severity === 'danger').length;
  return (
    <div className={sheet.page}>
      <header className={sheet.head}>
        <p className={sheet.about}>
          <Link to="/t/$project/contracts" params={{ project: address }}>
            Contracts
          </Link>
        </p>
        <h1>
          <Foreign text={data.contract.name ?? contractId} />
        </h1>
        {chosen.active === undefined ? <Chip tone="warn">nothing in force</Chip> : null}
        {data.contract.description == null ? null : (
          <p className={sheet.about}>
            <Foreign text={data.contract.description} />
          </p>
        )}
      </header>
      {version === undefined ? null : (
        <VersionHead
          contractId={contractId}
          versions={data.versions}
          chosen={{ ...chosen, version }}
          onChoose={(id) => open({ version: id, from: undefined })}
        />
      )}
      {read.data?.isItsDigest === false ? (
        <Notice
          tone="bad"
          title="What came for this version has another digest than the one that it is registered under."
          next="Do not bring it into force, and tell whoever runs this plane."
          isUrgent
        />
      ) : null}
      <Tabs
        label="Parts of the contract"
        chosen={tab}
        onChoose={(name: ContractTab) => open({ tab: name })}
        tabs={[
          { name: 'allows', title: 'What it allows' },
          {
            name: 'findings',
            title: (
              <>
                Findings{' '}
                {contract === undefined ? null : (
                  <Chip tone={dangers > 0 ? 'bad' : undefined}>{findings.length}</Chip>
                )}
              </>
            ),
          },
          { name: 'changes', title: 'Differences' },
          { name: 'versions', title: 'Versions' },
          { name: 'document', title: 'Document' },
        ]}
      >
        {tab === 'changes' && version !== undefined ? (
          <Compare
            contractId={contractId}
            versions={data.versions}
            from={chosen.from}
            to={version}
            onChoose={open}
          />
        ) : tab === 'versions' ? (
          <Versions versions={data.versions} active={chosen.active} onOpen={open} />
        ) : (
          <>
            {read.error === null ? null : <Fault error={read.error} onRetry={() => void read.refetch()} />}
            {read.data === undefined ? (
              read.error === null ? (
                <PageWait />
              ) : null
            ) : tab === 'document' ? (
              <ContractDocument document={read.data.document} />
            ) : contract === undefined ? (
              <Notice
                tone="warn"
                title="This page does not understand all of this version, so it does not say what it allows."
                next="Read the document itself."
              />
            ) : tab === 'findings' ? (
              <Findings findings={findings} contract={contract} />
            ) : (
              <Permitted contract={contract} />
            )}
          </>
        )}
      </Tabs>
    </div>
  );
}
