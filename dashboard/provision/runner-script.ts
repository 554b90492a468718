import { type Sample, sampleRunnerConfig, sampleSql } from './sample.ts';

interface How {
  readonly url: string;
  readonly projectId: string;
  readonly sample: Sample;
}

const ASK_FOR_TOKEN = `printf 'Runner token: '; read -rs COUNTERSIGN_RUNNER_TOKEN; export COUNTERSIGN_RUNNER_TOKEN; echo`;

/** What starts a runner on the sample table, in a shell. Nothing of it is a secret. */
export function sampleLines({ projectId, sample, url }: How): string {
  const client = sample.engine === 'mysql' ? 'mysql YOUR_DATABASE' : 'psql "$DATABASE_URL"';
  return `# DATABASE_URL must be set: ${sample.engine === 'mysql' ? 'mysql' : 'postgres'}://USER:PASSWORD@HOST/DATABASE
${client} <<'SQL'
${sampleSql(sample)}SQL
cat > runner.json <<'JSON'
${sampleRunnerConfig(sample, url, projectId)}JSON
${ASK_FOR_TOKEN}
countersign-runner doctor --config runner.json --create-receipts
countersign-runner start --config runner.json
`;
}

/** What sets a runner up on tables of one's own. */
export function ownLines({ sample: { engine, sourceId }, url }: How): string {
  return `${ASK_FOR_TOKEN}
countersign-runner init --config runner.json --sql role.sql \\
  --engine ${engine} --database-url-env DATABASE_URL \\
  --control-plane-url ${url} --source-id ${sourceId} --runner-id first-runner
countersign-runner doctor --config runner.json
countersign-runner start --config runner.json
`;
}
