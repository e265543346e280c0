"""General MIDI Level 1 melodic programs: name, family, and the keys at which each instrument is worth hearing."""

from dataclasses import dataclass

FAMILIES = (
    "Piano",
    "Chromatic percussion",
    "Organ",
    "Guitar",
    "Bass",
    "Strings",
    "Ensemble",
    "Brass",
    "Reed",
    "Pipe",
    "Synth lead",
    "Synth pad",
    "Synth effects",
    "World",
    "Percussive",
    "Sound effects",
)

#: Programs without a pitch of their own: orchestra hit (a chord), wood block to reverse cymbal, sound effects.
UNPITCHED = frozenset([55, *range(115, 128)])

# Lowest and highest MIDI key per program, by the ranges instrument makers and orchestration tables give, widened where a
# sampled instrument stays believable; synthetic programs take 33..96.
_WIDE = (33, 96)
_RANGES: dict[int, tuple[int, int]] = {
    0: (28, 100), 1: (28, 100), 2: (28, 96), 3: (33, 96), 4: (28, 96), 5: (28, 96), 6: (33, 89), 7: (33, 84),
    8: (60, 103), 9: (67, 103), 10: (55, 96), 11: (53, 89), 12: (45, 96), 13: (65, 103), 14: (55, 79), 15: (48, 84),
    16: (36, 96), 17: (36, 96), 18: (36, 96), 19: (33, 96), 20: (36, 89), 21: (41, 89), 22: (55, 91), 23: (41, 89),
    24: (40, 84), 25: (40, 84), 26: (40, 86), 27: (40, 86), 28: (40, 79), 29: (40, 86), 30: (40, 86), 31: (52, 96),
    32: (28, 60), 33: (28, 60), 34: (28, 60), 35: (28, 60), 36: (28, 60), 37: (28, 60), 38: (28, 67), 39: (28, 67),
    40: (55, 98), 41: (48, 88), 42: (36, 79), 43: (28, 67), 44: (36, 91), 45: (33, 91), 46: (30, 96), 47: (36, 57),
    48: (33, 96), 49: (33, 96), 50: (33, 96), 51: (33, 96), 52: (43, 84), 53: (43, 84), 54: (43, 88),
    56: (54, 86), 57: (38, 76), 58: (29, 62), 59: (54, 86), 60: (36, 79), 61: (36, 86), 62: _WIDE, 63: _WIDE,
    64: (56, 90), 65: (49, 83), 66: (44, 78), 67: (36, 72), 68: (58, 91), 69: (52, 83), 70: (34, 74), 71: (50, 93),
    72: (74, 103), 73: (60, 96), 74: (60, 96), 75: (55, 91), 76: (55, 88), 77: (55, 88), 78: (67, 98), 79: (60, 91),
    104: (43, 79), 105: (48, 84), 106: (45, 81), 107: (43, 86), 108: (48, 86), 109: (55, 84), 110: (55, 96), 111: (55, 86),
    112: (67, 98), 113: (60, 91), 114: (52, 88),
}  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A General MIDI program and the keys (inclusive) that its corpus covers."""

    number: int
    family: str
    low_key: int
    high_key: int


def program(number: int) -> Program:
    """The program of that General MIDI number, 0..127; raises ValueError for one that has no pitch."""
    if number in UNPITCHED or not 0 <= number <= 127:
        raise ValueError(f"General MIDI program {number} has no pitch of its own.")
    low, high = _RANGES.get(number, _WIDE)
    return Program(number, FAMILIES[number // 8], low, high)
