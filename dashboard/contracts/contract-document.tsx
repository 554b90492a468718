import { printableJson } from '@countersign/client/printable';
import styles from './contract-document.module.css';

/** A version as it was pushed. */
export function ContractDocument({ document }: { readonly document: unknown }) {
  return (
    <section className={styles.document} aria-label="The document">
      <pre>
        <bdi>{printableJson(document)}</bdi>
      </pre>
    </section>
  );
}
