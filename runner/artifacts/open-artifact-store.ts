import { ConfigError } from '../config/config-error.ts';
import { headerSecretFault, secretReader } from '../executors/secret-reader.ts';
import type { ArtifactStore } from './artifact-store.ts';
import type { ArtifactsConfig } from './artifacts-config.ts';
import { bucketUrl } from './bucket-url.ts';
import { MOST_ARTIFACT_BYTES, S3ArtifactStore } from './s3-artifact-store.ts';

/**
 * The artifact store that a configuration names. Reads the credentials once, so that one that is missing is told now
 * and not with the first artifact; throws `ConfigError`. Asks the store nothing.
 */
export async function openArtifactStore(
  config: ArtifactsConfig,
  environment = process.env,
): Promise<ArtifactStore> {
  const accessKeyId = secretReader(config.access_key_id, environment);
  const secretAccessKey = secretReader(config.secret_access_key, environment);
  const faults = [await headerSecretFault(accessKeyId), await headerSecretFault(secretAccessKey)]
    .filter((fault) => fault !== undefined)
    .map((fault) => `$.artifacts: ${fault}`);
  if (faults.length > 0) throw new ConfigError(faults);
  const url = bucketUrl(config);
  return new S3ArtifactStore({
    guard: {
      origin: new URL(url).origin,
      allowPrivate: config.allow_private,
      timeoutMs: config.timeout_ms,
      mostAnswerBytes: MOST_ARTIFACT_BYTES,
    },
    place: { bucket: config.bucket, prefix: config.prefix },
    bucketUrl: url,
    region: config.region,
    accessKeyId,
    secretAccessKey,
  });
}
