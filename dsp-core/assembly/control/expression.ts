// What a voice hears of its player: bend, pressure, slide, and the pitch that follows.
import { P_FINE_TUNE, P_TRANSPOSE } from '../generated/constants';
import { masterBend, masterPressure, masterSlide, ownBend, ownPressure, ownSlide } from './channels';
import { parameter } from './parameters';
import { Voice } from './voice';

/** Pressure 0..1: the strongest of the note's own channel, its zone's master and its key. */
export function pressureOf(voice: Voice): f32 {
  const own = voice.frozen ? voice.frozenPressure : ownPressure(voice.channel);
  return max(voice.keyPressure, max(own, masterPressure(voice.channel)));
}

/** Slide -0.5..0.5 about neutral: the note's own channel plus its zone's master. */
export function slideOf(voice: Voice): f32 {
  const own = voice.frozen ? voice.frozenSlide : ownSlide(voice.channel);
  return min<f32>(0.5, max<f32>(-0.5, own + masterSlide(voice.channel)));
}

/** Pitch (a MIDI note with its fraction, as tuned) that a glide has reached at a sample; exactly the target from its end on. */
export function glidedPitch(voice: Voice, time: i64): f64 {
  const done = time - voice.glideStart;
  if (done >= voice.glideLength) return voice.glideTo;
  if (done <= 0) return voice.glideFrom;
  return voice.glideFrom + ((voice.glideTo - voice.glideFrom) * <f64>done) / <f64>voice.glideLength;
}

/** Pitch in semitones on the scale of MIDI notes (tuning of A4 apart) at a sample: tuned key, glide, transpose, fine tune, bends. */
export function pitchAt(voice: Voice, time: i64): f64 {
  const bend = voice.frozen ? voice.frozenBend : ownBend(voice.channel);
  const pitch =
    glidedPitch(voice, time) +
    <f64>parameter(P_TRANSPOSE) +
    <f64>parameter(P_FINE_TUNE) * 0.01 +
    <f64>(bend + masterBend(voice.channel));
  return min<f64>(160, max<f64>(-40, pitch));
}

/** From now on the note keeps what it heard of its channel. */
export function freezeExpression(voice: Voice): void {
  if (voice.frozen) return;
  voice.frozenBend = ownBend(voice.channel);
  voice.frozenPressure = ownPressure(voice.channel);
  voice.frozenSlide = ownSlide(voice.channel);
  voice.frozen = true;
}
