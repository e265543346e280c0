// `timbrefold inspect`: what a bundle says it is.
import type { Command } from 'commander';
import { type Bundle, frameSize } from '../model/bundle.ts';
import { loadBundle, shippedModel } from './model-file.ts';

/** Everything a program might ask about a bundle, without the numbers themselves. */
function description(bundle: Bundle) {
  const { manifest, map, presets, parity, summaries } = bundle;
  const families = new Map<string, number>();
  for (const { family } of map.points) families.set(family, (families.get(family) ?? 0) + 1);
  return {
    id: manifest.id,
    name: manifest.name,
    family: manifest.family,
    version: manifest.version,
    licence: manifest.licence,
    sha256: bundle.identity.sha256,
    packedBytes: bundle.packedBytes,
    latentDim: manifest.latent.dim,
    interpolation: manifest.latent.interpolation,
    frame: { kind: manifest.output.kind, size: frameSize(manifest), layout: manifest.output.layout },
    seconds: manifest.time.maxSeconds,
    sustain: manifest.time.sustain,
    pitchRange: manifest.conditioning.range,
    macros: manifest.macros.map(({ label, description: text }) => ({ label, description: text })),
    graphs: [...summaries].map(([role, { opset, weights, macs, operators }]) => ({
      role,
      bytes: bundle.graphs.get(role)?.length ?? 0,
      opset,
      weights,
      macs,
      operators: Object.fromEntries(operators),
    })),
    map: { points: map.points.length, families: Object.fromEntries(families) },
    presets: presets.map(({ name }) => name),
    parityRows: parity.rows,
    card: bundle.card,
  };
}

function print(d: ReturnType<typeof description>): void {
  const mib = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(2)} MiB`;
  const lines: [string, string][] = [
    ['Model', `${d.name} ${d.version} (${d.id}), family ${d.family}, licence ${d.licence}`],
    ['Identity', d.sha256],
    ['File', mib(d.packedBytes)],
    ['Latents', `${d.latentDim}, ${d.interpolation}`],
    ['Frame', `${d.frame.kind}: ${d.frame.layout.map(({ name, size }) => `${size} ${name}`).join(', ')}`],
    ['Time', `${d.seconds} s, sustain ${d.sustain[0]} to ${d.sustain[1]} s`],
    ['Pitch', `MIDI notes ${d.pitchRange[0]} to ${d.pitchRange[1]}`],
    ['Macros', d.macros.map(({ label }) => label).join(', ')],
    ...d.graphs.map(({ role, bytes, weights, macs, opset }): [string, string] => [
      'Graph',
      `${role}: ${mib(bytes)}, ${weights.toLocaleString('en')} weights, ${macs.toLocaleString('en')} multiply-adds a row, opset ${opset}`,
    ]),
    [
      'Map',
      `${d.map.points} sounds: ${Object.entries(d.map.families)
        .map(([family, n]) => `${n} ${family}`)
        .join(', ')}`,
    ],
    ['Presets', d.presets.join(', ')],
    ['Parity', `${d.parityRows} rows`],
  ];
  for (const [label, value] of lines) console.log(`${label.padEnd(9)} ${value}`);
}

export function register(program: Command): void {
  program
    .command('inspect')
    .description('say what a model bundle is')
    .argument('[model]', 'model bundle (.timbre); without it the one that ships')
    .option('--json', 'print everything as JSON, the card included')
    .action(async (path: string | undefined, { json }: { json?: boolean }) => {
      const described = description(await loadBundle(path ?? shippedModel()));
      if (json) console.log(JSON.stringify(described));
      else print(described);
    });
}
