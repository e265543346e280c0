// How an export ends before its time.

/** Somebody cancelled; nothing was written. */
export class ExportCancelled extends Error {
  override readonly name = 'ExportCancelled';
  constructor() {
    super('The export was cancelled.');
  }
}

/** @throws ExportCancelled once `signal` was aborted */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ExportCancelled();
}
