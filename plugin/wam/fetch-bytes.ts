// Fetches a file with progress and a limit.

/** `onProgress` gets 0..1, or -1 where the server does not say how long the file is. Throws an Error with a sentence. */
export async function fetchBytes(
  url: string,
  limit: number,
  onProgress: (share: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}.`);
  const announced = Number(response.headers.get('content-length')) || 0;
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length > limit) {
      await reader.cancel();
      throw new Error(`it is larger than ${limit >> 20} MiB.`);
    }
    onProgress(announced > 0 ? Math.min(1, length / announced) : -1);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
