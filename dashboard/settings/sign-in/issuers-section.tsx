import { useQuery } from '@tanstack/react-query';
import { DataTable } from '../../forms/data-table.tsx';
import { useMay, usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { readSignInSettings } from '../../sign-in/settings.ts';
import { Fault } from '../../ui/fault.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { Foreign } from '../../ui/value.tsx';
import { Section } from '../section.tsx';

const tones = { ok: 'good', warning: 'warn', failed: 'bad', unreachable: 'bad' } as const;

/** Where people sign in, and how the installation finds those issuers. */
export function IssuersSection() {
  const { projectId } = usePlane();
  const { engine } = useProjectApis(projectId);
  const mayExamine = useMay('engine-doctor');
  const settings = useQuery({
    queryKey: ['sign-in-settings'],
    queryFn: ({ signal }) => readSignInSettings(signal),
  });
  const doctor = useQuery({
    queryKey: [projectId, 'doctor'],
    queryFn: ({ signal }) => engine.doctor({ signal }),
    enabled: mayExamine,
  });
  const findings = (doctor.data?.findings ?? []).filter(({ code }) => /issuer/.test(code));
  return (
    <Section
      title="Issuers"
      about="Identity providers where people of this installation sign in to the dashboard. They are a setting of whoever runs it."
    >
      {settings.error === null ? null : (
        <Fault error={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {settings.data === undefined ? (
        settings.error === null ? (
          <PageWait />
        ) : null
      ) : (
        <DataTable
          label="Issuers"
          rows={settings.data.issuers}
          keyOf={({ issuer }) => issuer}
          columns={[
            { title: 'Name', of: ({ name }) => <Foreign text={name} /> },
            { title: 'Issuer', of: ({ issuer }) => <Foreign text={issuer} /> },
            { title: 'Client', of: ({ client_id }) => <Foreign text={client_id} /> },
            { title: 'Scope', of: ({ scope }) => <Foreign text={scope} /> },
          ]}
          empty="Nobody can sign in to the dashboard: no issuer of this installation says how."
        />
      )}
      {mayExamine && doctor.isPending ? <PageWait text="Looking at the keys of the issuers" /> : null}
      {doctor.error === null ? null : <Fault error={doctor.error} onRetry={() => void doctor.refetch()} />}
      {findings.map(({ code, fix, message, outcome, where }) => (
        <Notice
          key={`${code} ${where}`}
          tone={tones[outcome]}
          title={<Foreign text={`${where}: ${message}`} />}
          next={fix === undefined ? undefined : <Foreign text={fix} />}
        />
      ))}
    </Section>
  );
}
