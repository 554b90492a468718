import { createHmac, timingSafeEqual } from 'node:crypto';

const VERSION = 1;
const MAC_BYTES = 16;

/**
 * `syn_<mark>_` and base64url of version, the parts, some secret bytes, and a MAC (HMAC-SHA256, 128 bits) over all
 * before it, its mark too. Throws `RangeError` for a part that is no short ASCII.
 */
export function sealText(mark: string, parts: readonly string[], secret: Uint8Array, macKey: string): string {
  const payload = Buffer.concat([Buffer.from([VERSION]), ...parts.map(lengthPrefixed), secret]);
  return `syn_${mark}_${Buffer.concat([payload, mac(mark, payload, macKey)]).toString('base64url')}`;
}

/**
 * The first parts of what was sealed, when its MAC is right under one of the keys (several while one is being rotated).
 *
 * @param sealed what follows the mark
 */
export function openText(
  mark: string,
  sealed: string,
  count: number,
  macKeys: readonly string[],
): readonly string[] | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.toString('base64url') !== sealed) return undefined;
  const payload = bytes.subarray(0, -MAC_BYTES);
  const given = bytes.subarray(-MAC_BYTES);
  if (!macKeys.some((key) => timingSafeEqual(mac(mark, payload, key), given))) return undefined;
  if (payload[0] !== VERSION) return undefined;
  const parts: string[] = [];
  for (let offset = 1; parts.length < count; ) {
    const part = readLengthPrefixed(payload, offset);
    parts.push(part);
    offset += 1 + part.length;
  }
  return parts;
}

function mac(mark: string, payload: Uint8Array, key: string): Buffer {
  return createHmac('sha256', key).update(`syn_${mark}_`).update(payload).digest().subarray(0, MAC_BYTES);
}

/** One length byte and ASCII text; ids are short by construction. */
function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length > 100 || bytes.toString('latin1') !== text)
    throw new RangeError('an id in a token must be short ASCII');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function readLengthPrefixed(bytes: Buffer, offset: number): string {
  return bytes.subarray(offset + 1, offset + 1 + (bytes[offset] ?? 0)).toString('latin1');
}
