// Several channels into one.

/** A mean with less than this share of the loudest channel's power: the channels cancel each other. */
const OPPOSITE = 0.01;

/** The mean of the channels, at most `longest` samples of it, or the loudest alone where they are each other's opposite. */
export function mixDown(channels: readonly Float32Array[], longest: number): Float32Array<ArrayBuffer> {
  const length = Math.min(longest, channels[0].length);
  const mono = new Float32Array(length);
  const power = (x: Float32Array): number => {
    let sum = 0;
    for (let n = 0; n < length; n++) sum += x[n] * x[n];
    return sum;
  };
  for (const channel of channels) {
    for (let n = 0; n < length; n++) mono[n] += channel[n] / channels.length;
  }
  if (channels.length === 1) return mono;
  const powers = channels.map(power);
  const loudest = powers.indexOf(Math.max(...powers));
  return power(mono) < OPPOSITE * powers[loudest] ? Float32Array.from(channels[loudest].subarray(0, length)) : mono;
}
