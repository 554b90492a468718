import { permissionRuleSchema } from '@countersign/protocol/permission-rule';
import sheet from '../in-force/sheet.module.css';
import { Chip } from '../ui/chip.tsx';
import { Foreign, Value } from '../ui/value.tsx';
import styles from './rule-list.module.css';

/** The rules that are saved. */
export function RuleList({ rules }: { readonly rules: readonly unknown[] }) {
  if (rules.length === 0) {
    return (
      <div className={sheet.empty}>
        <h2>No rule</h2>
        <p>Roles and scopes alone say who may ask for what.</p>
      </div>
    );
  }
  return (
    <ul className={styles.rules} aria-label="Rules that are saved">
      {rules.map((rule) => (
        <li key={JSON.stringify(rule)} className={styles.rule}>
          <Rule rule={rule} />
        </li>
      ))}
    </ul>
  );
}

function Rule({ rule }: { readonly rule: unknown }) {
  const parsed = permissionRuleSchema.safeParse(rule);
  if (!parsed.success) return <Value value={rule} />;
  const { asks, description, effect, name, when } = parsed.data;
  return (
    <>
      <p className={styles.head}>
        <strong>
          <Foreign text={name} />
        </strong>
        <Chip tone={effect === 'deny' ? 'bad' : 'good'}>{effect}</Chip>
        {description === undefined ? null : (
          <span className={sheet.small}>
            <Foreign text={description} />
          </span>
        )}
      </p>
      <p className={styles.words}>
        who asks for{' '}
        {asks.includes('*') ? (
          'anything'
        ) : (
          <code>
            <Foreign text={asks.join(', ')} />
          </code>
        )}{' '}
        when{' '}
        <code>
          <Foreign text={when} />
        </code>
      </p>
    </>
  );
}
