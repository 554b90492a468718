import { isNewestInForce } from '@countersign/client/policy-detail';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import sheet from '../in-force/sheet.module.css';
import { useMay, usePlane } from '../plane/plane-context.ts';
import button from '../ui/button.module.css';
import { Chip } from '../ui/chip.tsx';
import { classes } from '../ui/classes.ts';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { appliesWords, effectTitle } from './policy-words.ts';
import { readDocument } from './read-document.ts';
import { usePolicies } from './use-policies.ts';

/** What is approved, asked about or refused by rule. */
export function PoliciesPage() {
  const { address } = usePlane();
  const mayWrite = useMay('save-policy');
  const mayReadRules = useMay('read-permission-rules');
  const { data, error, refetch } = usePolicies();
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  return (
    <div className={sheet.page}>
      <header className={sheet.head}>
        <h1>Policies</h1>
        <div className={sheet.ends}>
          {mayReadRules ? (
            <Link
              to="/t/$project/permission-rules"
              params={{ project: address }}
              className={classes(button.button, button.plain)}
            >
              Permission rules
            </Link>
          ) : null}
          {mayWrite ? (
            <Link
              to="/t/$project/new-policy"
              params={{ project: address }}
              className={classes(button.button, button.main)}
            >
              <Plus size={16} aria-hidden /> New policy
            </Link>
          ) : null}
        </div>
        <p className={sheet.about}>
          Rules over what is proposed: any refusal wins, then all that ask are added up, then the first that
          approves within its limits. Otherwise people decide, as the contract says.
        </p>
      </header>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data.length === 0 ? (
        <div className={sheet.empty}>
          <h2>No policy yet</h2>
          <p>Every change is decided as its contract says. A policy can approve, ask for more, or refuse.</p>
        </div>
      ) : (
        <table className={sheet.table}>
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col">State</th>
              <th scope="col">What it does</th>
              <th scope="col" className={sheet.wide}>
                To what
              </th>
              <th scope="col" className={sheet.wide}>
                Saved
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((policy) => {
              const document = readDocument(policy.policy);
              return (
                <tr key={policy.name}>
                  <th scope="row">
                    <Link
                      to="/t/$project/policies/$policyName"
                      params={{ project: address, policyName: policy.name }}
                    >
                      <Foreign text={policy.name} />
                    </Link>
                    {document?.description === undefined ? null : (
                      <p className={sheet.small}>
                        <Foreign text={document.description} />
                      </p>
                    )}
                  </th>
                  <td>
                    <StateChip state={policy.status ?? 'saved'} />{' '}
                    {policy.active_digest == null || isNewestInForce(policy) ? null : (
                      <Chip tone="warn">newer draft</Chip>
                    )}
                  </td>
                  <td>{document === undefined ? '' : effectTitle(document)}</td>
                  <td className={sheet.wide}>
                    <Foreign text={document === undefined ? '' : appliesWords(document)} />
                  </td>
                  <td className={sheet.wide}>
                    {policy.updated_at == null ? null : <When at={policy.updated_at} />}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </div>
  );
}
