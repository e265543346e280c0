"""Commands and their options. Each command imports its own machinery, so that --help and small jobs start at once."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import UsageError, UserError
from .paths import CONFIGS, REPOSITORY, cache_root, corpus_folder, features_folder, run_folder
from .settings import read_settings

if TYPE_CHECKING:
    from .families.atlas.settings import AtlasSettings

#: Identity of the model that ships.
MODEL_ID = "timbrefold.atlas"


def main(arguments: list[str]) -> int:
    """Runs a command; returns 0 done, 1 failed, 2 wrong use."""
    parser = _parser()
    options = parser.parse_args(arguments)  # argparse itself exits with 2
    try:
        options.run(options)
    except UserError as error:
        print(f"timbrefold_export: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        print("timbrefold_export: stopped.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="timbrefold_export", description="Makes sound models for Timbrefold.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    corpus = commands.add_parser("corpus", help="render labelled notes from soundfonts, or take a folder of samples")
    corpus.add_argument("--config", type=Path, default=CONFIGS / "corpus.yaml", help="what to render (default: %(default)s)")
    corpus.add_argument("--samples", type=Path, metavar="FOLDER", help="take a folder of one-shots instead of rendering")
    corpus.add_argument("--name", help="name of the corpus (default: the configuration's, or the folder's)")
    corpus.add_argument("--out", type=Path, metavar="FOLDER", help="where to write (default: the cache)")
    _add_workers(corpus)
    corpus.set_defaults(run=_corpus)

    features = commands.add_parser("features", help="analyse a corpus with the project's own analyser")
    features.add_argument("--corpus", default="gm", help="name of the corpus, or its folder (default: %(default)s)")
    features.add_argument("--out", type=Path, metavar="FOLDER", help="where to write (default: the cache)")
    _add_workers(features)
    features.set_defaults(run=_features)

    train = commands.add_parser("train", help="train Atlas on features")
    train.add_argument("--config", type=Path, default=CONFIGS / "atlas.yaml", help="sizes and schedule (default: %(default)s)")
    train.add_argument("--run", dest="run_name", default="atlas", help="name of the run: its folder in the cache (default: %(default)s)")
    train.add_argument("--resume", action="store_true", help="go on with that run where it stopped")
    train.add_argument("--begin-with", metavar="RUN", help="begin with the weights of another run, as far as their shapes reach")
    train.add_argument("--seed", type=int, help="seed of the training instead of the configuration's")
    train.add_argument("--steps", type=int, help="train this many steps instead of the configuration's")
    _threads(train)
    train.set_defaults(run=_train)

    search = commands.add_parser("search", help="try settings of the training, each in a run of its own; machines may share a study")
    search.add_argument("--study", required=True, metavar="NAME", help="name of the study; its runs are NAME-0, NAME-1, ...")
    search.add_argument(
        "--vary", nargs="+", required=True, metavar="SETTING", help="what to try: train.kl_weight=0.001:0.03:log train.batch=16,32"
    )
    search.add_argument("--trials", type=int, default=10, help="runs to add to the study here (default: %(default)s)")
    search.add_argument("--storage", metavar="URL", help="where the study is kept, for several machines (default: a file in the cache)")
    search.add_argument("--config", type=Path, default=CONFIGS / "atlas.yaml", help="everything that is not varied (default: %(default)s)")
    search.add_argument("--steps", type=int, help="train this many steps instead of the configuration's")
    _threads(search)
    search.set_defaults(run=_search)

    detail = commands.add_parser("detail", help="fit detail anew to a trained run (train does so at its end)")
    detail.add_argument("--run", dest="run_name", default="atlas", help="name of the run: its folder in the cache (default: %(default)s)")
    _threads(detail)
    detail.set_defaults(run=_detail)

    lite = commands.add_parser("lite", help="make a run with a decoder of half the cost out of a trained run; latents stay the same")
    lite.add_argument("--run", dest="run_name", default="atlas", help="the run to learn from (default: %(default)s)")
    lite.add_argument("--out-run", default="atlas-lite", help="the run to make (default: %(default)s)")
    lite.add_argument("--steps", type=int, default=4000, help="steps of learning (default: %(default)s)")
    _threads(lite)
    lite.set_defaults(run=_lite)

    evaluate = commands.add_parser("evaluate", help="measure a trained run on sounds it never learned")
    evaluate.add_argument("--run", dest="run_name", default="atlas", help="name of the run: its folder in the cache (default: %(default)s)")
    evaluate.add_argument("--seed", type=int, default=1, help="seed of everything drawn by chance (default: %(default)s)")
    evaluate.add_argument(
        "--seeds",
        type=int,
        nargs="+",
        metavar="SEED",
        help="evaluate the runs NAME-SEED of these training seeds and print intervals over them",
    )
    _threads(evaluate)
    evaluate.add_argument("--limit", type=int, help="hear only this many sounds of each part")
    evaluate.add_argument("--json", type=Path, help="where to write the figures (default: evaluation.json in the run's folder)")
    evaluate.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw the map, the curves and spectrograms there")
    evaluate.set_defaults(run=_evaluate)

    manifest = commands.add_parser("manifest", help="list the sounds of a run: licence, hash, learned from or held out")
    manifest.add_argument("--run", dest="run_name", default="atlas", help="name of the run: its folder in the cache (default: %(default)s)")
    manifest.add_argument("--out", type=Path, help="the list to write, tab-separated (default: manifest.tsv in the run's folder)")
    manifest.add_argument("--compare", type=Path, metavar="FILE", help="name the sounds that differ from this list, instead of writing one")
    manifest.set_defaults(run=_manifest)

    export = commands.add_parser("export", help="make a bundle of a trained run")
    export.add_argument("--run", dest="run_name", default="atlas", help="name of the run: its folder in the cache (default: %(default)s)")
    export.add_argument("--out", type=Path, default=REPOSITORY / "models" / "atlas.timbre", help="the bundle (default: %(default)s)")
    export.add_argument("--id", default=MODEL_ID, help="identity of the model (default: %(default)s)")
    export.add_argument("--name", default="Atlas", help="name of the model (default: %(default)s)")
    export.add_argument("--model-version", default="0.1.0", help="version of the model (default: %(default)s)")
    export.add_argument("--presets", type=Path, default=CONFIGS / "presets.yaml", help="starting presets (default: %(default)s)")
    export.add_argument("--macros-of", type=Path, metavar="BUNDLE", help="take the macros of this bundle of the same latent space")
    export.add_argument("--report", type=Path, help="an evaluation's JSON, quoted on the card")
    _threads(export)
    export.set_defaults(run=_export)
    return parser


def _add_workers(command: argparse.ArgumentParser) -> None:
    command.add_argument("--jobs", type=int, default=-1, help="processes at a time; -1 is one a core (default: %(default)s)")
    command.add_argument("--cluster", metavar="ADDRESS", help='run on a Ray cluster: "auto" or host:port (docs/training.md)')


def _threads(command: argparse.ArgumentParser) -> None:
    # Threads of PyTorch wait for each other by spinning: beside another busy process two of them can be twenty times slower than one.
    command.add_argument(
        "--threads", type=int, default=1, help="threads to compute with, more only on an idle machine (default: %(default)s)"
    )


def _corpus(options: argparse.Namespace) -> None:
    from .corpus.build import build_corpus
    from .corpus.plan import CorpusSettings
    from .corpus.samples import gather_samples
    from .workers import workers

    if options.samples:
        folder = options.out or corpus_folder(options.name or options.samples.resolve().name)
        count, skipped = gather_samples(options.samples, folder)
    else:
        settings = read_settings(options.config, CorpusSettings)
        folder = options.out or corpus_folder(options.name or settings.name)
        with workers(options.jobs, options.cluster):
            count, skipped = build_corpus(settings, folder)
    for sentence in skipped:
        print(f"Left out {sentence}.")
    print(f"{count} sounds in {folder}.")


def _features(options: argparse.Namespace) -> None:
    from .analysis import analyse_corpus
    from .features import read_features
    from .workers import workers

    corpus, out = _corpus_and_features(options.corpus)
    folder = options.out or out
    with workers(options.jobs, options.cluster):
        fresh = analyse_corpus(corpus, folder).fresh
    features = read_features(folder, corpus)
    for sentence in features.failed:
        print(f"Left out {sentence}")
    print(f"{len(features.sounds)} sounds in {folder}, {fresh} of them analysed now; {len(features.failed)} left out.")


def _train(options: argparse.Namespace) -> None:
    from .distributed import joined
    from .families.atlas.settings import AtlasSettings
    from .families.atlas.train import BEST, train_atlas
    from .features import read_features

    settings = _with_steps(read_settings(options.config, AtlasSettings), options.steps)
    if options.seed is not None:
        settings = settings.model_copy(update={"train": settings.train.model_copy(update={"seed": options.seed})})
    _use_threads(options.threads)
    corpus, folder = _corpus_and_features(settings.corpus)
    begin = run_folder(options.begin_with) / BEST if options.begin_with else None
    features = read_features(folder, corpus)
    with _accelerator_watched(options.run_name), joined() as place:
        train_atlas(settings, features, run_folder(options.run_name), options.resume, begin, place)


@contextmanager
def _accelerator_watched(run: str) -> Iterator[None]:
    """Says what to do when the GPU fails or is taken away while a run trains."""
    import torch

    try:
        yield
    except torch.OutOfMemoryError as error:
        raise UserError(
            f"The GPU's memory is too small or in use ({error}); free it, or compute without: CUDA_VISIBLE_DEVICES= ."
        ) from error
    except torch.AcceleratorError as error:
        reason = str(error).splitlines()[0]
        way = f"go on from the last checkpoint with --run {run} --resume, without a GPU if need be: CUDA_VISIBLE_DEVICES= "
        raise UserError(f"The GPU stopped answering ({reason}); {way}.") from error


def _with_steps(settings: "AtlasSettings", steps: int | None) -> "AtlasSettings":
    if steps is None:
        return settings
    if steps < 1:
        raise UsageError("--steps must be at least 1.")
    return settings.model_copy(update={"train": settings.train.model_copy(update={"steps": steps})})


def _search(options: argparse.Namespace) -> None:
    from .families.atlas.checkpoint import load_checkpoint
    from .families.atlas.settings import AtlasSettings
    from .families.atlas.train import train_atlas
    from .features import read_features
    from .search import Value, read_varied, search, with_values
    from .settings import check_settings

    if options.trials < 1:
        raise UsageError("--trials must be at least 1.")
    varied = [read_varied(text) for text in options.vary]
    settings = _with_steps(read_settings(options.config, AtlasSettings), options.steps)
    with_values(settings.model_dump(), {setting.name: 0 for setting in varied})  # refuses unknown names before anything is trained
    _use_threads(options.threads)
    corpus, folder = _corpus_and_features(settings.corpus)
    features = read_features(folder, corpus)

    def train(number: int, values: dict[str, Value]) -> float:
        tried = check_settings(with_values(settings.model_dump(), values), AtlasSettings, f"of trial {number}")
        best = train_atlas(tried, features, run_folder(f"{options.study}-{number}"), resume=False)
        return float(load_checkpoint(best)["best"])

    storage = options.storage or f"sqlite:///{cache_root() / 'searches.db'}"
    study = search(options.study, storage, options.trials, varied, train)
    done = [trial for trial in study.trials if trial.value is not None]
    for trial in sorted(done, key=lambda trial: trial.value or 0.0)[:5]:
        print(f"{options.study}-{trial.number}: {trial.value:.4f} with {', '.join(f'{k} {v}' for k, v in trial.params.items())}")
    print(f"{len(done)} of {len(study.trials)} runs of the study {options.study} in {storage} have ended well.")


def _detail(options: argparse.Namespace) -> None:
    from .families.atlas.train import BEST, add_detail, load_atlas, run_parts
    from .features import read_features

    _use_threads(options.threads)
    run = run_folder(options.run_name)
    corpus, folder = _corpus_and_features(load_atlas(run / BEST)[1].corpus)
    train = run_parts(run, read_features(folder, corpus))[1]["train"]
    print(f"Mel distance of {len(train)} training sounds with detail {add_detail(run / BEST, train):.3f} dB: {run / BEST}")


def _lite(options: argparse.Namespace) -> None:
    from .evaluate.predictions import encode
    from .families.atlas.atlas import macs_per_row
    from .families.atlas.checkpoint import commands_of, save_checkpoint
    from .families.atlas.lite import learn
    from .families.atlas.train import BEST, SPLIT, load_atlas, run_parts
    from .features import read_features

    _use_threads(options.threads)
    run, out = run_folder(options.run_name), run_folder(options.out_run)
    model, settings, state = load_atlas(run / BEST)
    corpus, folder = _corpus_and_features(settings.corpus)
    split, parts = run_parts(run, read_features(folder, corpus))
    train = parts["train"]
    lite = learn(model, encode(model, train), train.times, options.steps, settings.train.seed)
    small = settings.model_copy(update={"model": lite.settings})
    out.mkdir(parents=True, exist_ok=True)
    split.write(out / SPLIT)
    made = f"python -m timbrefold_export lite --run {options.run_name} --out-run {options.out_run} --steps {options.steps}"
    weights = {"average": lite.state_dict(), "model": lite.state_dict()}
    save_checkpoint(
        out / BEST, {**state, **weights, "settings": small.model_dump(), "commands": [*commands_of(state, options.run_name), made]}
    )
    print(f"{macs_per_row(lite)} multiply-adds a row instead of {macs_per_row(model)}: {out / BEST}")


def _evaluate(options: argparse.Namespace) -> None:
    from .evaluate.table import seeds_table, table

    _use_threads(options.threads)
    if options.seeds:
        reports = []
        for seed in options.seeds:
            reports.append(_evaluate_run(f"{options.run_name}-{seed}", options))
            print(table(reports[-1]), end="\n\n")
        print(seeds_table(reports))
        return
    print(table(_evaluate_run(options.run_name, options)))


def _evaluate_run(name: str, options: argparse.Namespace) -> dict[str, Any]:
    from .evaluate.report import evaluate_atlas
    from .export.bundle import to_json
    from .families.atlas.train import BEST, load_atlas
    from .features import read_features
    from .files import write_atomically

    run = run_folder(name)
    corpus, folder = _corpus_and_features(load_atlas(run / BEST)[1].corpus)
    features = read_features(folder, corpus)
    report = evaluate_atlas(run, features, corpus, options.seed, options.limit)
    out = options.json or run / "evaluation.json"
    write_atomically(out, to_json(report))
    print(f"Written: {out}")
    if options.pictures:
        from .evaluate.pictures import draw_pictures

        for path in draw_pictures(run, features, corpus, options.pictures):
            print(f"Drawn: {path}")
    return report


def _manifest(options: argparse.Namespace) -> None:
    from .families.atlas.train import BEST, SPLIT, load_atlas
    from .features import read_labels
    from .manifest import changed_sounds, write_manifest
    from .splits import read_split

    run = run_folder(options.run_name)
    corpus, _ = _corpus_and_features(load_atlas(run / BEST)[1].corpus)
    labels = read_labels(corpus)
    if options.compare:
        changed = changed_sounds(options.compare, labels)
        print("\n".join([*changed, f"{len(changed)} of {len(labels)} sounds differ from {options.compare}."]))
        return
    out = options.out or run / "manifest.tsv"
    counts = write_manifest(out, labels, read_split(run / SPLIT))
    print(f"{out}: {', '.join(f'{count} {part}' for part, count in sorted(counts.items()))}")


def _use_threads(count: int) -> None:
    if count < 1:
        raise UsageError("--threads must be at least 1.")
    import torch

    torch.set_num_threads(count)


def _export(options: argparse.Namespace) -> None:
    from .export.bundle import write
    from .export.export import ExportOptions, export_atlas
    from .families.atlas.checkpoint import commands_of
    from .families.atlas.train import BEST, load_atlas
    from .features import read_features

    _use_threads(options.threads)
    run = run_folder(options.run_name)
    _, settings, state = load_atlas(run / BEST)
    corpus, folder = _corpus_and_features(settings.corpus)
    commands = commands_of(state, options.run_name)
    wanted = ExportOptions(options.id, options.name, options.model_version, options.presets, commands, options.report, options.macros_of)
    packed, differences = export_atlas(run, read_features(folder, corpus), corpus, wanted)
    write(options.out, packed)
    print(f"{options.out}: {len(packed) / (1 << 20):.2f} MiB, from step {state['step']} of {run}")
    for name, value in differences.items():
        print(f"ONNX Runtime against PyTorch, {name}: {value:.2e}")


def _corpus_and_features(name: str) -> tuple[Path, Path]:
    """Folders of a corpus given by name (in the cache) or by path."""
    path = Path(name)
    if path.is_dir():
        return path, features_folder(path.resolve().name)
    return corpus_folder(name), features_folder(name)
