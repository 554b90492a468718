import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest } from '@countersign/protocol/canonical-json';
import { lintContract } from '@countersign/protocol/contract-lint/lint-contract';
import { cleanContract } from '@countersign/protocol/contract-lint/sample-clean';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';
