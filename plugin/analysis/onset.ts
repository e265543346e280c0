// Where a sound begins: the first sample whose 3 ms RMS comes near that of the loudest.

/**
 * First sample at which the RMS of the 3 ms around it comes within `db` of its maximum; 0 for silence. `samples` mono at `sampleRate`.
 * Source: the L60 reference, which cuts its sounds in the same way.
 */
export function findOnset(samples: Float32Array, sampleRate: number, db = -40): number {
  const width = Math.max(1, Math.floor(sampleRate * 0.003));
  // The window reaches as far ahead and behind as numpy.convolve's "same" does.
  const ahead = width - 1 - Math.floor(width / 2);
  const behind = width - 1 - ahead;
  let loudest = 0;
  for (let pass = 0; pass < 2; pass++) {
    const threshold = loudest * 10 ** (db / 10);
    let sum = 0;
    for (let n = 0; n < Math.min(ahead, samples.length); n++) sum += samples[n] * samples[n];
    for (let n = 0; n < samples.length; n++) {
      const enters = n + ahead;
      const leaves = n - behind - 1;
      if (enters < samples.length) sum += samples[enters] * samples[enters];
      if (leaves >= 0) sum -= samples[leaves] * samples[leaves];
      if (pass === 0) loudest = Math.max(loudest, sum);
      else if (sum > threshold) return n;
    }
    if (loudest <= 0) return 0;
  }
  return 0;
}
