/** A name as SQL text. Names come only from the local configuration, which allows letters, digits and _. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A schema is a database here. */
export function quoteTable(schema: string, table: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

/** The same of a name of the configuration, `schema.table`. */
export function quoteTableName(name: string): string {
  const [schema = '', table = ''] = name.split('.');
  return quoteTable(schema, table);
}
