import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import type { Finding } from '@countersign/protocol/contract-lint/lint-contract';
import type { Severity } from '@countersign/protocol/contract-lint/lint-rule';
import { CircleAlert, Info, OctagonAlert } from 'lucide-react';
import sheet from '../in-force/sheet.module.css';
import { Foreign } from '../ui/value.tsx';
import { placeOf } from './finding-place.ts';
import styles from './findings.module.css';

const severities = [
  {
    severity: 'danger',
    title: 'Dangerous',
    about: 'Somebody could lose something by it.',
    icon: OctagonAlert,
  },
  { severity: 'warning', title: 'Warnings', about: 'Think before you activate.', icon: CircleAlert },
  { severity: 'note', title: 'Notes', about: 'It could be better.', icon: Info },
] as const satisfies readonly { readonly severity: Severity; readonly [more: string]: unknown }[];

interface Props {
  readonly findings: readonly Finding[];
  readonly contract: AgentContract;
}

/** What a lint found in a version, the worst first. */
export function Findings({ findings, contract }: Props) {
  if (findings.length === 0) {
    return (
      <div className={sheet.empty}>
        <h2>Nothing was found</h2>
        <p>No rule of the lint has anything to say about this version. It does not say that it is wise.</p>
      </div>
    );
  }
  return (
    <div className={sheet.part}>
      {severities.map(({ about, icon: Icon, severity, title }) => {
        const found = findings.filter((finding) => finding.severity === severity);
        return found.length === 0 ? null : (
          <section key={severity} className={styles.severity} data-severity={severity}>
            <h2>
              <Icon size={17} aria-hidden /> {title}: {found.length}
            </h2>
            <p className={sheet.small}>{about}</p>
            <ul>
              {found.map(({ code, fix, message, path }) => (
                <li key={`${code}${path}${message}`} className={styles.finding}>
                  <p className={styles.message}>
                    <Foreign text={message} />
                  </p>
                  <p>{fix}</p>
                  <p className={styles.place}>
                    <Foreign text={placeOf(path, contract)} /> · {code}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
