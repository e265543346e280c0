"""Commands and their options. Each command imports its own machinery, so that --help and small jobs start at once."""

import argparse
import sys
from pathlib import Path

from .errors import UsageError, UserError
from .paths import CONFIGS, corpus_folder
from .settings import read_settings


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
    corpus.add_argument("--jobs", type=int, default=-1, help="processes at a time; -1 is one a core (default: %(default)s)")
    corpus.set_defaults(run=_corpus)
    return parser


def _corpus(options: argparse.Namespace) -> None:
    from .corpus.build import build_corpus
    from .corpus.plan import CorpusSettings
    from .corpus.samples import gather_samples

    if options.samples:
        folder = options.out or corpus_folder(options.name or options.samples.resolve().name)
        count, skipped = gather_samples(options.samples, folder)
    else:
        settings = read_settings(options.config, CorpusSettings)
        folder = options.out or corpus_folder(options.name or settings.name)
        count, skipped = build_corpus(settings, folder, options.jobs)
    for sentence in skipped:
        print(f"Left out {sentence}.")
    print(f"{count} sounds in {folder}.")
