// The amplitude envelope: one recursion a sample, so that a render does not depend on how it is cut into blocks.
import {
  NEUTRAL_RELEASE_DB,
  P_ATTACK_MS,
  P_DECAY_MS,
  P_NATURAL_RELEASE,
  P_RELEASE_MS,
  P_SUSTAIN,
} from '../generated/constants';
import { parameter } from './parameters';

const ATTACK: i32 = 0;
const DECAY: i32 = 1;
const RELEASE: i32 = 2;
export const ENDED: i32 = 3;

/** A release ends here: -100 dB. */
const END_LEVEL: f32 = 1e-5;
/** decayMs and releaseMs are the time in which the level falls by this many dB (of its distance to the sustain level). */
const FALL_DB: f64 = 60;
/** A model's release never takes longer for that, ms: a voice that nobody hears any more would be kept. */
const LONGEST_RELEASE_MS: f64 = 60_000;
/** The level counts as arrived at the sustain level within this distance. */
const ARRIVED: f32 = 1e-6;

/** Parameters that shape the envelope. */
export const ENVELOPE_MASK: u64 =
  ((<u64>1) << P_ATTACK_MS) |
  ((<u64>1) << P_DECAY_MS) |
  ((<u64>1) << P_SUSTAIN) |
  ((<u64>1) << P_RELEASE_MS) |
  ((<u64>1) << P_NATURAL_RELEASE);

let attackStep: f32 = 1;
let decayFactor: f32 = 1;
let releaseFactor: f32 = 1;
let sustainLevel: f32 = 1;

function fallFactor(ms: f64, sampleRate: f32): f32 {
  const samples = (ms * <f64>sampleRate) / 1000.0;
  return <f32>Math.exp((-FALL_DB * 0.11512925464970229) / samples);
}

/** Takes the parameters over; at the control grid, when one of ENVELOPE_MASK moved. */
export function updateEnvelope(sampleRate: f32): void {
  attackStep = <f32>(1.0 / max<f64>(1, Math.round((<f64>parameter(P_ATTACK_MS) * <f64>sampleRate) / 1000.0)));
  decayFactor = fallFactor(<f64>parameter(P_DECAY_MS), sampleRate);
  releaseFactor = fallFactor(<f64>parameter(P_RELEASE_MS), sampleRate);
  sustainLevel = parameter(P_SUSTAIN);
}

@unmanaged
export class Envelope {
  stage: i32;
  level: f32;
  /** What the model says of the release, dB per second, as heard at note-off; and the factor a sample that follows. */
  releaseDb: f32;
  releaseStep: f32;

  /** Begins an attack from `level`: 0 for a fresh note, the level now heard for a retrigger. */
  attack(level: f32): void {
    this.stage = ATTACK;
    this.level = level;
  }

  /** Begins the release of a sound whose model lets it fall by `db` a second (NEUTRAL_RELEASE_DB: by releaseMs alone). */
  release(db: f32, sampleRate: f32): void {
    if (this.stage >= RELEASE) return;
    this.stage = RELEASE;
    this.releaseDb = db;
    this.updateRelease(sampleRate);
  }

  /** Takes moved parameters over: 60 dB in releaseMs times (NEUTRAL_RELEASE_DB / releaseDb) to the power of naturalRelease. */
  updateRelease(sampleRate: f32): void {
    if (this.stage != RELEASE) return;
    const natural = <f64>parameter(P_NATURAL_RELEASE);
    if (natural == 0 || this.releaseDb == NEUTRAL_RELEASE_DB) {
      this.releaseStep = releaseFactor;
    } else {
      const longer = Math.pow(<f64>NEUTRAL_RELEASE_DB / <f64>this.releaseDb, natural);
      this.releaseStep = fallFactor(min(LONGEST_RELEASE_MS, <f64>parameter(P_RELEASE_MS) * longer), sampleRate);
    }
  }

  /** Whether the level stands still at 1 sample after the other: then run() need not be called. */
  get steady(): bool {
    return this.stage == DECAY && this.level == sustainLevel && sustainLevel > 0;
  }

  /** Writes `count` levels; after the end of the release they are 0 and the stage is ENDED. A sustain level of 0 ends too. */
  run(to: usize, count: i32): void {
    let level = this.level;
    let stage = this.stage;
    for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 4) {
      if (stage == ATTACK) {
        level += attackStep;
        if (level >= 1) {
          level = 1;
          stage = DECAY;
        }
      } else if (stage == DECAY) {
        const distance = (level - sustainLevel) * decayFactor;
        level = abs(distance) < ARRIVED ? sustainLevel : sustainLevel + distance;
        if (level < END_LEVEL && sustainLevel < END_LEVEL) {
          level = 0;
          stage = ENDED;
        }
      } else if (stage == RELEASE) {
        level *= this.releaseStep;
        if (level < END_LEVEL) {
          level = 0;
          stage = ENDED;
        }
      }
      store<f32>(to + i, level);
    }
    this.level = level;
    this.stage = stage;
  }
}
