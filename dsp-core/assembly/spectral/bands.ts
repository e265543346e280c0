// The axis of the noise bands: equal steps of ERB rate (Glasberg & Moore 1990) between NOISE_LOW_HZ and NOISE_HIGH_HZ.
import { ERB_SCALE, ERB_SLOPE, NOISE_HIGH_HZ, NOISE_LOW_HZ } from '../generated/constants';

function rateOf(hz: f64): f64 {
  return (<f64>ERB_SCALE * Math.log(1.0 + <f64>ERB_SLOPE * hz)) / Math.LN10;
}

/** Frequency in Hz of a place counted in bands from the lower edge (band i spans i..i+1, its centre is i + 0.5). */
export function bandPlaceHz(place: f64, bands: i32): f64 {
  const low = rateOf(<f64>NOISE_LOW_HZ);
  const high = rateOf(<f64>NOISE_HIGH_HZ);
  const rate = low + ((high - low) * place) / <f64>bands;
  return (Math.exp((rate * Math.LN10) / <f64>ERB_SCALE) - 1.0) / <f64>ERB_SLOPE;
}

/** Place of a frequency in Hz, counted in bands from the lower edge. */
export function bandPlace(hz: f64, bands: i32): f64 {
  const low = rateOf(<f64>NOISE_LOW_HZ);
  const high = rateOf(<f64>NOISE_HIGH_HZ);
  return ((rateOf(hz) - low) / (high - low)) * <f64>bands;
}
