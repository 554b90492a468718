import { hasColumn, type Reviewed, reportRepeats } from './reviewed-capability.ts';

/** What is shown, what is kept out, and that nothing is both. */
export function checkFields({ capability, path, report }: Reviewed): void {
  const { visible_fields, kept_out_fields, model_withheld_fields } = capability;
  for (const list of ['visible_fields', 'kept_out_fields', 'model_withheld_fields'] as const) {
    reportRepeats(capability[list] ?? [], (index) => `${path}.${list}[${index}]`, 'DUPLICATE_FIELD', report);
  }
  if (visible_fields.length === 0 && capability.kind !== 'aggregate_read') {
    report(`${path}.visible_fields`, 'VISIBLE_FIELDS_REQUIRED', 'must show something');
  }
  kept_out_fields?.forEach((field, index) => {
    const place = `${path}.kept_out_fields[${index}]`;
    if (hasColumn(visible_fields, field)) {
      report(place, 'KEPT_OUT_FIELD_VISIBLE', `${field} is kept out and visible`);
    }
    if (hasColumn(model_withheld_fields, field)) {
      report(place, 'KEPT_OUT_FIELD_WITHHELD', `${field} is kept out, so there is nothing to withhold`);
    }
  });
}
