import { permissionRuleSchema } from '@countersign/protocol/permission-rule';
import sheet from '../in-force/sheet.module.css';
import { Chip } from '../ui/chip.tsx';
import { Foreign, Value } from '../ui/value.tsx';

/** The rules that are saved. */
export function RuleTable({ rules }: { readonly rules: readonly unknown[] }) {
  if (rules.length === 0) {
    return (
      <div className={sheet.empty}>
        <h2>No rule</h2>
        <p>Roles and scopes alone say who may ask for what.</p>
      </div>
    );
  }
  return (
    <div className={sheet.scroll}>
      <table className={sheet.table}>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Effect</th>
            <th scope="col">Asks</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => {
            const parsed = permissionRuleSchema.safeParse(rule);
            return parsed.success ? (
              <tr key={parsed.data.name}>
                <th scope="row">
                  <Foreign text={parsed.data.name} />
                  {parsed.data.description === undefined ? null : (
                    <p className={sheet.small}>
                      <Foreign text={parsed.data.description} />
                    </p>
                  )}
                </th>
                <td>
                  <Chip tone={parsed.data.effect === 'deny' ? 'bad' : 'good'}>{parsed.data.effect}</Chip>
                </td>
                <td>
                  <Foreign
                    text={parsed.data.asks.includes('*') ? 'everything' : parsed.data.asks.join(', ')}
                  />
                </td>
                <td>
                  <code>
                    <Foreign text={parsed.data.when} />
                  </code>
                </td>
              </tr>
            ) : (
              <tr key={JSON.stringify(rule)}>
                <td colSpan={4}>
                  <Value value={rule} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
