// Decodes a sound file with the codecs of a browser or a web view, AIFF with a library, to one channel at the analyser's rate. Main thread of a page or a view.
import decodeAiff from '@audio/decode-aiff';
import { ANALYSIS_RATE } from './layout.ts';
import { mixDown } from './mix-down.ts';

/** What is analysed at most, seconds: a note is shorter. */
const LONGEST_SECONDS = 20;
/**
 * Bytes that are decoded of a long file: decoding two hours would fill the memory, and a note stands at the beginning. Enough for LONGEST_SECONDS of
 * uncompressed sound at 192 kHz; compressed sound is smaller by far.
 */
const PLAIN_BYTES = 32 << 20;
const PACKED_BYTES = 6 << 20;

/** @throws RangeError with a sentence that names the file */
export async function readAudio(bytes: ArrayBuffer, fileName: string): Promise<Float32Array<ArrayBuffer>> {
  const kind = String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength)));
  const plain = kind === 'RIFF' || kind === 'FORM';
  const beginning = bytes.slice(0, plain ? PLAIN_BYTES : PACKED_BYTES);
  const decode = kind === 'FORM' ? decodeForm : decodeByBrowser;
  let decoded: AudioBuffer;
  try {
    decoded = await decode(beginning);
  } catch {
    throw new RangeError(
      `${fileName} is no sound that can be read here; WAV, AIFF, FLAC, MP3 and Ogg are safe choices.`,
    );
  }
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, channel) => decoded.getChannelData(channel));
  return mixDown(channels, LONGEST_SECONDS * ANALYSIS_RATE);
}

/** The context's rate is the one that decodeAudioData resamples to. */
const decodeByBrowser = (bytes: ArrayBuffer): Promise<AudioBuffer> =>
  new OfflineAudioContext(1, 1, ANALYSIS_RATE).decodeAudioData(bytes);

/** AIFF and AIFF-C, which most browsers do not know; resampled by playing it. */
async function decodeForm(bytes: ArrayBuffer): Promise<AudioBuffer> {
  const { channelData, sampleRate } = decodeAiff(bytes);
  const frames = Math.min(channelData[0].length, LONGEST_SECONDS * sampleRate);
  const buffer = new AudioBuffer({ length: frames, numberOfChannels: channelData.length, sampleRate });
  channelData.forEach((data, channel) => {
    buffer.getChannelData(channel).set(data.subarray(0, frames));
  });
  const length = Math.max(1, Math.floor((frames * ANALYSIS_RATE) / sampleRate));
  const context = new OfflineAudioContext(channelData.length, length, ANALYSIS_RATE);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  return context.startRendering();
}
