// A whole preset in the fragment of an address, so that opening the address brings the sound. Nothing of it is ever sent to a server.
//
// "#preset=1." and base64url of deflated bytes: the number of latents (uint16), the latents (float32, little-endian: exactly what the core hears), then the
// preset's JSON without its latent (UTF-8).
import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import { MAX_PRESET_BYTES, type Preset, PresetError, parsePreset, writePreset } from '../instrument/preset.ts';

const KEY = 'preset';
const VERSION = '1';
/** Characters of a fragment that is looked at; browsers and messengers cut longer addresses. */
const LONGEST = 64_000;
const SOURCE = 'of this link';

/** The fragment that `readPresetLink` reads, with its "#". */
export function writePresetLink(preset: Preset): string {
  const { latent, ...rest } = JSON.parse(writePreset(preset)) as Preset;
  const text = strToU8(JSON.stringify(rest));
  const bytes = new Uint8Array(2 + 4 * latent.length + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, latent.length, true);
  latent.forEach((value, i) => {
    view.setFloat32(2 + 4 * i, value, true);
  });
  bytes.set(text, 2 + 4 * latent.length);
  return `#${KEY}=${VERSION}.${toBase64Url(deflateSync(bytes, { level: 9 }))}`;
}

/** Whether an address's fragment holds a preset at all. */
export const hasPreset = (fragment: string): boolean => fragment.startsWith(`#${KEY}=`);

/** The preset of a fragment, checked like one of a file. @throws PresetError with a sentence */
export function readPresetLink(fragment: string): Preset {
  const refuse = (why: string): never => {
    throw new PresetError(`The preset ${SOURCE} cannot be used: ${why}.`);
  };
  if (fragment.length > LONGEST) return refuse('the address is too long');
  const [, version, packed] = /^#preset=(\w+)\.([\w-]*)$/.exec(fragment) ?? [];
  if (packed === undefined) return refuse('the address is damaged or was cut off');
  if (version !== VERSION)
    return refuse(`it has version ${version} and this Timbrefold reads version ${VERSION}; update Timbrefold`);
  let json: unknown;
  try {
    json = unpack(inflate(fromBase64Url(packed)));
  } catch {
    return refuse('the address is damaged or was cut off');
  }
  return parsePreset(json, SOURCE);
}

function unpack(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint16(0, true);
  const latent = Array.from({ length: count }, (_, i) => view.getFloat32(2 + 4 * i, true));
  return { ...(JSON.parse(strFromU8(bytes.subarray(2 + 4 * count))) as object), latent };
}

/** Stops at MAX_PRESET_BYTES, whatever the packed bytes would become. */
function inflate(packed: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let whole = false;
  const stream = new Inflate((part, final) => {
    length += part.length;
    if (length > MAX_PRESET_BYTES) throw new RangeError('too large');
    parts.push(part);
    whole ||= final;
  });
  stream.push(packed, true);
  if (!whole) throw new RangeError('cut off');
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}
