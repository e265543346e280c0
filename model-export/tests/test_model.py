"""Shapes, agreements between the two ways of decoding, what no latent may do, and what the measures measure."""

import pytest
import torch

from timbrefold_export.families.atlas.atlas import Atlas, macs_per_row
from timbrefold_export.families.atlas.attributes import COUNT, AttributeScale, frames_attributes
from timbrefold_export.families.atlas.augment import AugmentSettings, draw_batch, levelled
from timbrefold_export.families.atlas.data import Pairs, to_sounds
from timbrefold_export.families.atlas.lite import cut, learn
from timbrefold_export.families.atlas.losses import HearingLoss, frame_weights, macro_loss, swell_loss, time_weights
from timbrefold_export.families.atlas.model import ModelSettings, Played, frame_layout
from timbrefold_export.families.atlas.rows import RowDecoder
from timbrefold_export.families.atlas.scales import (
    LOUDEST_DB,
    MAX_CENTS,
    MAX_DETUNE_CENTS,
    MAX_VIBRATO_CENTS,
    MAX_VIBRATO_HZ,
    RELEASE_LIMITS,
    compress_detunes,
    expand_detunes,
    inharmonicity_from_log,
    inharmonicity_to_log,
    release_from_log,
    release_to_log,
)
from timbrefold_export.families.atlas.settings import AtlasSettings
from timbrefold_export.families.atlas.spectrum import MelEar, erb_position, loudness_of, noise_centres_hz, partial_hz, power, to_db
from timbrefold_export.families.atlas.time_axis import in_tune
from timbrefold_export.features import CENTS, COLUMNS, DETUNE, RELEASE, VIBRATO, Features
from timbrefold_export.measure.l60 import mel_bank


@pytest.fixture
def model(small: AtlasSettings) -> Atlas:
    torch.manual_seed(1)
    return Atlas(small.model).eval().requires_grad_(False)


def test_shapes(model: Atlas, small: AtlasSettings, features: Features) -> None:
    sounds = to_sounds(features).at(torch.arange(3))
    mean, log_variance = model.encoder(sounds.frames, sounds.pitch)
    assert mean.shape == log_variance.shape == (3, small.model.latent)
    vector = model.encode(sounds)
    assert vector.shape == (3, small.model.dim)
    played = model.decoder(vector, torch.full((3,), 60.0), torch.full((3,), 0.5), torch.rand(3, 7))
    assert played.levels.shape == (3, 7, 160)
    assert played.log_inharmonicity.shape == (3,)
    assert (played.cents.shape, played.vibrato.shape, played.detunes.shape) == ((3, 7), (3, 7, 2), (3, 32))
    assert (played.loudness.shape, played.log_release.shape) == ((3, 7), (3,))


@pytest.mark.parametrize("lite", [{}, {"partials": 64, "film_rank": 6}])
def test_rows_and_notes_decode_alike(small: AtlasSettings, lite: dict[str, int]) -> None:
    settings = small.model.model_copy(update=lite)
    model = Atlas(settings).eval().requires_grad_(False)
    torch.nn.init.normal_(model.decoder.out.weight, std=0.3)
    torch.nn.init.normal_(model.decoder.straight.weight, std=0.3)
    assert model.decoder.detail is not None
    for shapes in model.decoder.detail.buffers():
        torch.nn.init.normal_(shapes, std=0.3)
    z, pitch, velocity, tau = torch.randn(40, settings.dim), 24 + 84 * torch.rand(40), torch.rand(40), 3 * torch.rand(40)
    rows = RowDecoder(model.decoder)(z, pitch, velocity, tau)
    notes = model.decoder.play(z, pitch, velocity, tau[:, None])[:, 0]
    assert rows.shape == (40, sum(size for _, size in frame_layout(settings)))
    played = torch.cat([notes[:, : settings.partials], notes[:, 128:]], dim=1)
    torch.testing.assert_close(rows, played, atol=2e-3, rtol=0)
    assert (notes[:, settings.partials : 128] == -100).all()


def test_a_model_without_detail_hears_and_plays(small: AtlasSettings, features: Features) -> None:
    model = Atlas(small.model.model_copy(update={"detail": 0})).eval().requires_grad_(False)
    sounds = to_sounds(features).at(torch.arange(3))
    vector = model.encode(sounds)
    assert vector.shape == (3, small.model.latent)
    assert model.decoder.play(vector, sounds.pitch, sounds.velocity, sounds.times.expand(3, -1)).shape == (3, 48, COLUMNS)


def test_detail_makes_up_for_what_z_leaves_out(model: Atlas, features: Features) -> None:
    sounds = to_sounds(features)
    scoop = torch.linspace(-40, 40, len(sounds))[:, None] * torch.exp(-sounds.times / 0.1)
    sounds.frames[..., CENTS] = in_tune(scoop, loudness_of(sounds.levels))
    sounds.frames[..., RELEASE] = torch.linspace(30, 300, len(sounds))[:, None]
    sounds.frames[..., VIBRATO] = torch.linspace(0, 30, len(sounds))[:, None]
    sounds.frames[..., VIBRATO + 1] = 5.5
    sounds.frames[..., DETUNE + 2] = torch.linspace(-15, 15, len(sounds))[:, None]
    model.fit_detail(sounds)
    vector = model.encode(sounds)
    times = sounds.times.expand(len(sounds), -1)
    by_z = torch.cat([vector[:, :9], torch.zeros_like(vector[:, 9:])], dim=1)
    plain, whole = (model.decoder.play(at, sounds.pitch, sounds.velocity, times) for at in (by_z, vector))
    hearing, weights = HearingLoss(), time_weights(sounds.times)
    before, after = (hearing.mel(frames[..., :160], sounds, weights).mean() for frames in (plain, whole))
    assert after < 0.5 * before
    loudness = loudness_of(sounds.levels)
    heard = (loudness > LOUDEST_DB - 30) & (sounds.times < 2.9)
    assert (loudness_of(whole[..., :160]) - loudness)[heard].abs().max() < 0.5
    torch.testing.assert_close(whole[:, 0, RELEASE], sounds.release, rtol=0.01, atol=0)
    assert (whole[..., CENTS] - sounds.cents)[heard].abs().max() < 0.5
    assert (whole[..., VIBRATO] - sounds.vibrato[..., 0])[heard].abs().max() < 0.5
    assert (whole[..., DETUNE + 2] - sounds.detunes[:, 2:3]).abs().max() < 1
    assert (vector[:, 9:].std(0) < 3).all()


def test_no_latent_clips_or_breaks_a_frame(model: Atlas, small: AtlasSettings) -> None:
    torch.nn.init.normal_(model.decoder.out.weight, std=3)
    frames = RowDecoder(model.decoder)(
        30 * torch.randn(500, small.model.dim), 128 * torch.rand(500), torch.rand(500), 9 * torch.rand(500) - 3
    )
    assert torch.isfinite(frames).all()
    assert frames[:, :160].min() >= -100
    assert to_db(power(frames[:, :160]).sum(-1)).max() <= LOUDEST_DB + 0.1
    assert frames[:, 160].min() >= 0
    assert frames[:, 160].max() <= 0.02
    assert frames[:, CENTS].abs().max() <= MAX_CENTS
    assert 0 <= frames[:, VIBRATO].min() <= frames[:, VIBRATO].max() <= MAX_VIBRATO_CENTS
    assert 0 <= frames[:, VIBRATO + 1].min() <= frames[:, VIBRATO + 1].max() <= MAX_VIBRATO_HZ
    assert frames[:, DETUNE:RELEASE].abs().max() <= MAX_DETUNE_CENTS
    assert RELEASE_LIMITS[0] <= frames[:, RELEASE].min() <= frames[:, RELEASE].max() <= RELEASE_LIMITS[1]


def test_every_latent_is_as_loud_as_every_other(model: Atlas, small: AtlasSettings, features: Features) -> None:
    assert model.decoder.detail is not None
    for weights in (model.decoder.out.weight, model.decoder.loudness.weight, *model.decoder.detail.buffers()):
        torch.nn.init.normal_(weights, std=0.3)
    vector, times = 3 * torch.randn(200, small.model.dim), torch.from_numpy(features.times).expand(200, -1)
    played = model.decoder(vector, 24 + 84 * torch.rand(200), torch.rand(200), times)
    torch.testing.assert_close(played.loudness.amax(1), torch.full((200,), LOUDEST_DB), atol=1e-2, rtol=0)
    audible = played.loudness > -90
    torch.testing.assert_close(loudness_of(played.levels)[audible], played.loudness[audible], atol=0.1, rtol=0)


def test_every_note_is_in_tune_as_it_is_heard(model: Atlas, small: AtlasSettings, features: Features) -> None:
    assert model.decoder.detail is not None
    for weights in (model.decoder.cents.weight, model.decoder.loudness.weight, *model.decoder.detail.buffers()):
        torch.nn.init.normal_(weights, std=0.3)
    times = torch.from_numpy(features.times)
    played = model.decoder(3 * torch.randn(50, small.model.dim), torch.full((50,), 60.0), torch.rand(50), times.expand(50, -1))
    amplitude = 10 ** ((played.loudness - LOUDEST_DB) / 20)
    mean = torch.trapezoid(played.cents * amplitude, times) / torch.trapezoid(amplitude, times)
    assert played.cents.abs().max() > 3
    assert mean.abs().max() < 0.05


def test_only_notes_that_rise_late_swell(model: Atlas, small: AtlasSettings) -> None:
    vector, note = torch.zeros(4, small.model.dim), torch.full((4,), 60.0)
    torch.nn.init.zeros_(model.decoder.loudness.weight)
    for slope, swells in ((-0.5, False), (0.0, False), (0.5, True)):
        model.decoder.loudness.bias.copy_(slope * torch.linspace(0, 10, 48))
        assert bool(swell_loss(model.decoder, vector, note, note / 128) > 0.1) == swells


def test_a_detail_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 72"):
        ModelSettings(detail=16)


def test_inharmonicity_scale_inverts() -> None:
    b = torch.tensor([0.0, 1e-5, 3e-4, 0.02])
    torch.testing.assert_close(inharmonicity_from_log(inharmonicity_to_log(b)), b, atol=1e-6, rtol=1e-3)


def test_partials_lie_where_the_contract_says() -> None:
    hz = partial_hz(torch.tensor([69.0]), torch.tensor([1e-3]))[0]
    assert hz[0] == pytest.approx(440)
    assert hz[9] == pytest.approx(4400 * (1.1 / 1.001) ** 0.5, rel=1e-5)
    centres = torch.tensor(noise_centres_hz(), dtype=torch.float32)
    torch.testing.assert_close(erb_position(centres), torch.arange(32.0), atol=1e-3, rtol=0)


def test_the_closed_form_ear_hears_what_a_spectrum_shows() -> None:
    # A harmonic sound of known levels: the 80 bands by FFT against the closed form, where the floor does not hide them.
    rate, pitch = 48000, torch.tensor([62.0])
    levels = torch.full((1, 1, 160), -100.0)
    levels[0, 0, :40] = -20 - 8 * torch.log2(torch.arange(1.0, 41.0))
    hz = partial_hz(pitch, torch.zeros(1))[0, :40].double()
    time = torch.arange(2048.0, dtype=torch.double) / rate
    amplitude = 10 ** (levels[0, 0, :40].double() / 20)
    phases = 2 * torch.pi * torch.rand(40, generator=torch.Generator().manual_seed(1), dtype=torch.double)
    sound = (amplitude[:, None] * torch.sin(2 * torch.pi * hz[:, None] * time + phases[:, None])).sum(0)
    spectrum = torch.fft.rfft(sound * torch.hann_window(2048, periodic=False, dtype=torch.double)).abs() ** 2
    by_fft = 10 * torch.log10(torch.tensor(mel_bank(rate)) @ spectrum)
    ear = MelEar()
    heard = ear.levels(levels, ear.weights(pitch, torch.zeros(1)))[0, 0].double()
    loud = by_fft > by_fft.max() - 35
    difference = (heard - by_fft)[loud]
    # Window lobes reach into neighbouring bands, so single bands differ; the picture as a whole must not.
    assert (difference - difference.median()).abs().median() < 1.5
    assert loud.sum() > 20


def test_mel_distance_is_zero_only_for_the_sound_itself(features: Features) -> None:
    sounds = to_sounds(features).at(torch.arange(6))
    hearing, weights = HearingLoss(), time_weights(torch.from_numpy(features.times))
    assert hearing.mel(sounds.levels, sounds, weights).max() < 2e-3
    assert hearing.mel(sounds.levels.flip(2), sounds, weights).min() > 3
    assert weights.sum() == pytest.approx(1)


def test_attributes_move_the_way_they_are_named(features: Features) -> None:
    sound = to_sounds(features).at(torch.tensor([1]))
    times, pitch = sound.times, sound.pitch

    def change(levels: torch.Tensor) -> torch.Tensor:
        frames = sound.frames.clone()
        frames[..., :160] = levels
        return (frames_attributes(frames, pitch, times) - frames_attributes(sound.frames, pitch, times))[0]

    k = torch.arange(1.0, 129.0)
    tilt = torch.cat([3 * torch.log2(k), torch.zeros(32)])
    assert change(sound.levels + tilt)[0] > 0
    rising = -30 * torch.exp(-times / 0.05)[:, None]
    assert change(sound.levels + rising)[1] > 0
    assert change(sound.levels - 10 * times[:, None])[2] < 0
    noisier = torch.cat([torch.zeros(128), torch.full((32,), 12.0)])
    assert change(sound.levels + noisier)[3] > 0
    odd = torch.cat([-20.0 * (k % 2 == 0), torch.zeros(32)])
    assert change(sound.levels + odd)[5] > 0
    darkening = -torch.log2(k) * times[:, None]
    assert change(sound.levels + torch.cat([darkening, torch.zeros(48, 32)], dim=1))[6] > 0
    assert change(sound.levels - torch.cat([darkening, torch.zeros(48, 32)], dim=1))[6] < 0
    low = torch.cat([10.0 * (k <= 2), torch.zeros(32)])
    assert change(sound.levels + low)[7] > 0


def test_attribute_scale_removes_what_the_pitch_explains() -> None:
    pitch = torch.linspace(30, 100, 200)
    raw = 0.1 * pitch[:, None] + torch.randn(200, COUNT, generator=torch.Generator().manual_seed(2))
    scaled = AttributeScale.fit(raw, pitch)(raw, pitch)
    assert scaled.mean().abs() < 0.05
    assert (scaled.std(0) - 1).abs().max() < 0.05


def test_augmented_batches_stay_sounds(features: Features) -> None:
    sounds = to_sounds(features)
    random = torch.Generator().manual_seed(3)
    heard, played = draw_batch(sounds, Pairs(sounds, 0.5), 64, AugmentSettings(), random)
    for batch in (heard, played):
        assert torch.isfinite(batch.frames).all()
        loudest = to_db(power(batch.levels).sum(-1)).amax(1)
        torch.testing.assert_close(loudest, torch.full((64,), LOUDEST_DB), atol=0.05, rtol=0)
    assert (heard.instrument == played.instrument).all()
    assert 0 < (heard.pitch != played.pitch).float().mean() < 0.6


def test_levelling_keeps_silence() -> None:
    levels = torch.full((1, 2, 160), -100.0)
    levels[0, 0, 0] = -30
    out = levelled(levels)
    assert out[0, 0, 0] == pytest.approx(LOUDEST_DB + 3.01, abs=0.01)
    assert (out[0, 1] == -100).all()


def test_training_counts_every_frame_that_a_note_plays() -> None:
    times = torch.linspace(0, 3, 48)
    weights = frame_weights(times)
    assert weights.sum() == pytest.approx(1)
    assert (weights[times <= 2.8] > 0).all()


def test_tuning_costs_nothing_only_where_it_is_right(features: Features) -> None:
    sounds = to_sounds(features).at(torch.arange(4))
    sounds.frames[..., CENTS] = 7
    sounds.frames[..., VIBRATO] = 20
    sounds.frames[..., VIBRATO + 1] = 5
    weights = time_weights(sounds.times)
    sounds.frames[..., RELEASE] = 100
    right = Played(
        sounds.levels,
        loudness_of(sounds.levels),
        inharmonicity_to_log(sounds.inharmonicity),
        sounds.cents,
        sounds.vibrato,
        compress_detunes(sounds.detunes),
        release_to_log(sounds.release),
    )
    hearing = HearingLoss()
    assert hearing.tuning(right, sounds, weights).max() < 1e-5
    for wrong in (
        right._replace(cents=sounds.cents + 4),
        right._replace(vibrato=sounds.vibrato - 4),
        right._replace(detunes=right.detunes + 0.2),
        right._replace(log_inharmonicity=right.log_inharmonicity + 1),
        right._replace(log_release=right.log_release - 1),
    ):
        assert hearing.tuning(wrong, sounds, weights).min() > 0.15


def test_a_macro_that_moves_only_its_own_costs_nothing() -> None:
    before = torch.zeros(2, COUNT)
    axis, turn = torch.tensor([0, 3]), torch.tensor([2.0, 1.0])
    clean = before.clone()
    clean[0, 0], clean[1, 3] = 2, 1
    leaky = clean.clone()
    leaky[0, 5] = 1
    assert macro_loss(before, clean, axis, turn) == 0
    assert macro_loss(before, leaky, axis, turn) > 0
    assert macro_loss(before, before, axis, turn) > macro_loss(before, leaky, axis, turn)


def test_compressed_detunes_invert() -> None:
    cents = torch.tensor([-700.0, -30.0, 0.0, 0.5, 650.0])
    torch.testing.assert_close(expand_detunes(compress_detunes(cents)), cents, atol=1e-3, rtol=1e-4)


def test_release_scale_inverts() -> None:
    release = torch.tensor([3.0, 60.0, 240.0, 1000.0])
    torch.testing.assert_close(release_from_log(release_to_log(release)), release, atol=1e-3, rtol=1e-3)
    assert release_to_log(torch.tensor([0.0])) == 0


def test_lite_learns_to_play_what_atlas_plays_in_the_same_latent_space(model: Atlas) -> None:
    torch.nn.init.normal_(model.decoder.out.weight, std=0.1)
    vectors, times = torch.randn(40, model.settings.dim), torch.linspace(0, 3, 24)
    lite = learn(model, vectors, times, steps=60, seed=1)
    assert lite.settings.partials == 64
    assert macs_per_row(lite) < macs_per_row(model)
    pitch, velocity = torch.full((40,), 60.0), torch.full((40,), 0.7)

    def played(of: Atlas) -> torch.Tensor:
        levels: torch.Tensor = of.decoder(vectors, pitch, velocity, times.expand(40, -1)).levels[..., :64]
        return levels

    wanted = played(model)
    assert (played(lite) - wanted).abs().mean() < 0.8 * (played(cut(model)) - wanted).abs().mean()
