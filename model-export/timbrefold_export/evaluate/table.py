"""An evaluation as text for a terminal, of one training seed or of several."""

from typing import Any

import numpy as np
from scipy.stats import t as student

from .report import PATHS, RANDOM_LATENTS


def table(report: dict[str, Any]) -> str:
    """The report of one run."""
    lines = [f"Run {report['run']}, step {report['step']}, seed {report['seed']}, sounds {report['sounds']}", ""]
    lines += _distances(report["l60"])
    lines += ["", f"{'Decay (fall from 0.1 to 1.5 s), mean error in dB':50}" + "".join(f"{part:>12}" for part in report["l60"])]
    for row in report["l60"]["programs"]:
        lines.append(f"{row:50}" + "".join(f"{part[row]['decay']:>12.2f}" for part in report["l60"].values()))
    lines += [
        "",
        "Tuning against the source's f0(t): median and 90th percentile in cents; vibrato; factors of B and release",
    ]
    for name, rows in report["tuning"].items():
        for row, errors in rows.items():
            lines.append(f"{name + ', ' + row:44}{_tuning(errors)}")
    for name, quality in report["macros"].items():
        lines += ["", f"{'Macros, ' + name:24}{'own rank':>10}{'span, sd':>10}{'leak mean':>11}{'leak worst':>12}"]
        for label, q in quality.items():
            lines.append(f"{label:24}{q['own']:>10.2f}{q['span']:>10.2f}{q['leakageMean']:>11.2f}{q['leakageWorst']:>12.2f}")
    lines += ["", f"Latent space: {RANDOM_LATENTS:,} random latents; {PATHS} ways between training sounds of 33 points"]
    lines += [f"  {name:28}{value:>10.4f}" for name, value in (report["health"] | report["rendered"]).items()]
    latent = report["latent"]
    lines.append(f"  {'active dimensions':28}{latent['active']:>10} of {latent['dimensions']}, {latent['nats']:.1f} nats")
    lines.append(f"  {'numbers of detail':28}{latent['detail']:>10}, deviation {latent['detail deviation']:.2f}")
    lines.append(f"  {'multiply-adds a row':28}{report['cost']['multiply-adds a row']:>10}")
    return "\n".join(lines)


def seeds_table(reports: list[dict[str, Any]]) -> str:
    """Means over training seeds with the 95 % interval of the mean (Student's t)."""
    first = reports[0]["l60"]
    head = f"{'L60 over ' + str(len(reports)) + ' training seeds, dB':40}" + "".join(f"{part:>24}" for part in first)
    lines = [", ".join(f"{report['run']} (step {report['step']})" for report in reports), "", head]
    for row in first["programs"]:
        cells = [_interval([report["l60"][part][row]["mean"] for report in reports]) for part in first]
        lines.append(f"{row:40}" + "".join(f"{cell:>24}" for cell in cells))
    lines += ["", f"{'Macros, as shipped':24}{'own rank':>24}{'leak worst':>24}"]
    for label in reports[0]["macros"]["as shipped"]:
        each = [report["macros"]["as shipped"][label] for report in reports]
        lines.append(f"{label:24}{_interval([q['own'] for q in each]):>24}{_interval([q['leakageWorst'] for q in each]):>24}")
    lines += ["", f"{'Attack (first 12 frames), L60 in dB':40}" + "".join(f"{part:>24}" for part in first)]
    for row in first["programs"]:
        cells = [_interval([report["l60"][part][row]["attack"] for report in reports]) for part in first]
        lines.append(f"{row:40}" + "".join(f"{cell:>24}" for cell in cells))
    lines += ["", f"{'Tuning against the f0(t), cents':40}{'median':>24}{'90th percentile':>24}"]
    for part, rows in reports[0]["tuning"].items():
        for row in rows:
            each = [report["tuning"][part][row] for report in reports]
            cells = [_interval([errors[figure] for errors in each]) for figure in ("centsMedian", "cents90")]
            lines.append(f"{part + ', ' + row:40}" + "".join(f"{cell:>24}" for cell in cells))
    lines += ["", "Latent space"]
    for name in reports[0]["health"] | reports[0]["rendered"]:
        lines.append(f"  {name:38}{_interval([(report['health'] | report['rendered'])[name] for report in reports], 4):>24}")
    lines.append(f"  {'active dimensions':38}{_interval([report['latent']['active'] for report in reports]):>24}")
    return "\n".join(lines)


def _interval(values: list[float], digits: int = 2) -> str:
    mean = float(np.mean(values))
    if len(values) < 2:
        return f"{mean:.{digits}f}"
    reach = float(student.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return f"{mean:.{digits}f} +- {reach:.{digits}f}"


def _distances(l60: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    lines = [f"{'L60, dB (mean, 95 % interval; attack)':40}" + "".join(f"{part:>30}" for part in l60)]
    for row in l60["programs"]:
        cells = [part[row] for part in l60.values()]
        texts = [f"{c['mean']:.2f} ({c['low']:.2f}..{c['high']:.2f}; {c['attack']:.2f})" for c in cells]
        lines.append(f"{row:40}" + "".join(f"{text:>30}" for text in texts))
    return lines


def _tuning(errors: dict[str, float]) -> str:
    text = f"{errors['centsMedian']:>7.2f}{errors['cents90']:>8.2f}"
    if "vibratoCents" in errors:
        text += f"   vibrato {errors['vibratoCents']:.1f} cents, {errors['vibratoHz']:.2f} Hz off ({errors['vibratoSounds']:.0f} sounds)"
    if "stretchFactor" in errors:
        text += f"   B x {errors['stretchFactor']:.2f}"
    if "releaseFactor" in errors:
        text += f"   release x {errors['releaseFactor']:.2f}"
    return text
