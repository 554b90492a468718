// Preloaded (`node --import`) before every entry point that is TypeScript, because an older Node fails on the
// file itself, before any line of it could explain. Plain JavaScript without dependencies, for that same reason.
const NEEDED_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED_MAJOR) {
  process.stderr.write(
    `countersign: Node ${NEEDED_MAJOR} or newer is needed here, and this is ${process.version}; \`npm start\` and \`npm test\` bring their own.\n`,
  );
  process.exit(1);
}
