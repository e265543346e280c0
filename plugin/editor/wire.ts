// The text that crosses JUCE's native events: the messages as JSON in plain ASCII, their arrays as the base64 of their little-endian bytes, and three letters
// in the places of three others (native-shell/editor/Wire.h says why).

type Bytes = Uint8Array<ArrayBuffer>;
const floats = (bytes: Bytes): unknown => new Float32Array(bytes.buffer);
const octets = (bytes: Bytes): unknown => bytes;
const buffer = (bytes: Bytes): unknown => bytes.buffer;

/** Where arrays stand, by the type of the native side's messages. */
const ARRAYS: Readonly<Record<string, readonly (readonly [path: string, make: (bytes: Bytes) => unknown])[]>> = {
  spectrum: [['levelsDb', floats]],
  wave: [['samples', floats]],
  model: [['model.space.latents', floats]],
  portrait: [['picture.levels', octets]],
  encoding: [
    ['encoding.result.original.levels', octets],
    ['encoding.result.resynthesis.levels', octets],
  ],
  file: [['bytes', buffer]],
  offer: [['bytes', buffer]],
  bytes: [['bytes', buffer]],
};
/** Bytes handed to String.fromCharCode in one call: an argument list has its limits. */
const SLICE = 1 << 14;

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += SLICE) text += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(text);
}

export function fromBase64(text: string): Bytes {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

const pack = (_key: string, part: unknown): unknown => {
  if (part instanceof ArrayBuffer) return toBase64(new Uint8Array(part));
  if (ArrayBuffer.isView(part)) return toBase64(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return part;
};

const SWAPPED: Readonly<Record<string, string>> = { '"': '`', '`': '"', '\\': '~', '~': '\\', "'": '^', '^': "'" };
const swapQuotes = (text: string): string => text.replace(/["`\\~'^]/g, (letter) => SWAPPED[letter]);

/** A message as ASCII: JUCE counts characters where it means bytes. */
export function writeWire(message: object): string {
  const ascii = JSON.stringify(message, pack).replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return swapQuotes(ascii);
}

/** The message that the native side wrote. */
export function readWire(text: string): unknown {
  const message = JSON.parse(swapQuotes(text)) as { type: string };
  for (const [path, make] of ARRAYS[message.type] ?? []) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let holder: unknown = message;
    for (const name of names) holder = (holder as Record<string, unknown> | null | undefined)?.[name];
    const array = (holder as Record<string, unknown> | null | undefined)?.[last];
    if (typeof array === 'string') (holder as Record<string, unknown>)[last] = make(fromBase64(array));
  }
  return message;
}
