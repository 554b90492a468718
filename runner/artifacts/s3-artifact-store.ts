import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { guardedFetch, type HttpGuard } from '../executors/guarded-fetch.ts';
import { readHeaderSecret, type SecretReader } from '../executors/secret-reader.ts';
import { ServiceFault } from '../executors/service-fault.ts';
import { serviceFaultOf } from '../executors/service-outcome.ts';
import {
  type ArtifactPlace,
  artifactAt,
  artifactLocation,
  artifactName,
  isArtifactKey,
} from './artifact-name.ts';
import type { ArtifactStore, StoredArtifact } from './artifact-store.ts';
import { storeRefusal } from './store-refusal.ts';

/** All of an artifact is held in memory, also when it is read. */
export const MOST_ARTIFACT_BYTES = 32 * 1_024 * 1_024;

export interface S3Options {
  readonly guard: HttpGuard;
  readonly place: ArtifactPlace;
  /** With a slash at its end. */
  readonly bucketUrl: string;
  readonly region: string;
  readonly accessKeyId: SecretReader;
  readonly secretAccessKey: SecretReader;
}

interface Upload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** An artifact store with the S3 API. */
export class S3ArtifactStore implements ArtifactStore {
  readonly #options: S3Options;

  constructor(options: S3Options) {
    this.#options = options;
  }

  async put(
    key: string,
    content: Uint8Array,
    contentType: string,
    signal: AbortSignal,
  ): Promise<StoredArtifact> {
    if (!isArtifactKey(key)) throw failed('key_invalid');
    if (content.byteLength > MOST_ARTIFACT_BYTES) throw failed('artifact_too_large');
    // A copy, so that what is digested is what is sent, whatever the caller does with its own meanwhile.
    const bytes = new Uint8Array(content);
    const sha256 = sha256Of(bytes);
    const { place } = this.#options;
    const name = artifactName(place, key, sha256);
    await this.#send('PUT', name, signal, { bytes, contentType });
    await this.#readBack(name, sha256, signal);
    return {
      location: artifactLocation(place, name),
      digest: `sha256:${sha256}`,
      size: bytes.byteLength,
    };
  }

  async get(location: string, signal: AbortSignal): Promise<Uint8Array> {
    const object = artifactAt(this.#options.place, location);
    // Also what the credentials could read elsewhere: a location may come from outside.
    if (object === undefined) throw failed('location_refused');
    const bytes = await this.#read(object.name, signal);
    if (sha256Of(bytes) !== object.sha256) throw failed('digest_differs');
    return bytes;
  }

  /**
   * The digest that the put's signature holds makes a store refuse other bytes than these, but not every store looks;
   * nor does each keep a checksum to ask for, and an ETag is one only without encryption. Reading is what all can do.
   */
  async #readBack(name: string, sha256: string, signal: AbortSignal): Promise<void> {
    const bytes = await this.#read(name, signal).catch((fault: unknown) => {
      // It said that it has it; another put may settle that.
      if (fault instanceof ServiceFault && fault.code === 'NoSuchKey') return undefined;
      throw fault;
    });
    if (bytes !== undefined && sha256Of(bytes) === sha256) return;
    const code = bytes === undefined ? 'not_stored' : 'digest_differs';
    throw new ServiceFault('artifact store', { outcome: 'retry', code });
  }

  async #read(name: string, signal: AbortSignal): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#send('GET', name, signal)).arrayBuffer());
  }

  async #send(method: 'GET' | 'PUT', name: string, signal: AbortSignal, upload?: Upload): Promise<Response> {
    const { bucketUrl, guard } = this.#options;
    const url = `${bucketUrl}${name}`;
    const headers = await this.#signed(method, url, upload);
    const request = { method, headers, ...(upload !== undefined && { body: upload.bytes }) };
    const answer = await guardedFetch(guard, signal)(url, request).catch((cause: unknown) => {
      throw serviceFaultOf('artifact store', cause);
    });
    if (!answer.ok) throw await storeRefusal(answer);
    return answer;
  }

  async #signed(method: string, url: string, upload: Upload | undefined): Promise<Headers> {
    const { accessKeyId, region, secretAccessKey } = this.#options;
    const id = await readHeaderSecret(accessKeyId);
    const secret = await readHeaderSecret(secretAccessKey);
    if (id === undefined || secret === undefined) {
      throw new ServiceFault('artifact store', { outcome: 'retry', code: 'secret_missing' });
    }
    const signer = new AwsV4Signer({
      method,
      url,
      service: 's3',
      region,
      accessKeyId: id,
      secretAccessKey: secret,
      headers: {
        'x-amz-content-sha256': sha256Of(upload?.bytes ?? ''),
        ...(upload !== undefined && { 'content-type': upload.contentType }),
      },
    });
    return (await signer.sign()).headers;
  }
}

function sha256Of(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function failed(code: string): ServiceFault {
  return new ServiceFault('artifact store', { outcome: 'failed', code });
}
