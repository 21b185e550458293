"""Chicken, duck, beef, goat, fish and shellfish, and the skewers that hold them."""

from .canvas import C, E, P, R, S, part, under

FRIED = ("#f3b85a", "#c4761f", "#8a4a10")
GRILLED = ("#d77a2e", "#96440f", "#5a2306")
RED = ("#ee6a32", "#b8320f", "#7c1a06")
PALE = ("#fbe3a8", "#e3b45c", "#b98432")
DARK = ("#7a4a2a", "#3f2212", "#1f0f07")


@part
def drumstick(p, tones=FRIED):
    """A chicken leg, its bone to the right."""
    d = "M-58 6Q-62-34-24-42 8-46 34-18 48-8 62-6V10Q46 12 34 22 4 46-26 40-54 34-58 6Z"
    return (
        S("M56 2H92", "#cdbb98", 15, 'transform="translate(2 5)" opacity=".6"') + S("M56 2H90", "#f8efd9", 13) + C(94, -5, 9, "#fdf7e6") + C(95, 8, 9, "#f3e7cb")
        + under(d, 4, 9) + P(d, p.rad(*tones)) + S("M-40-18Q-22-36 6-28", "#fff", 7, 'opacity=".4"') + S("M-30 14l8 5M-6 4l9 4M4 22l8-3M-12-10l7 3M22 2l6 3", tones[2], 5, 'opacity=".5"')
    )


@part
def thigh(p, tones=FRIED):
    """A piece of chicken or duck."""
    d = "M-62 4Q-60-40-14-46 22-50 44-34 70-16 64 14 56 44 14 46-14 50-34 38-60 30-62 4Z"
    return under(d, 4, 10) + P(d, p.rad(*tones)) + S("M-42-14Q-26-36 6-34", "#fff", 7, 'opacity=".38"') + S("M-34 12l10 6M-8-4l10 5M8 24l11-4M28-14l8 6M-14 30l9 2M34 12l7 3", tones[2], 5, 'opacity=".5"')


@part
def crust(p, tones=("#ffd27a", "#d98a26", "#9c5712")):
    """A fillet in a craggy crust."""
    d = p.blob(0, 0, 66, 46, 0.18, 16)
    return under(d, 4, 10) + P(d, p.rad(*tones)) + S("M-40-14q10-12 22-4M-8-26q12-6 20 4M18 2q12-8 22 4M-24 12q10-10 22 0M4 24q12-8 20 0M-46 10l6 6", "#fff0bd", 6, 'opacity=".65"') + S("M-30 2q8 6 16 2M10-8q8 6 14 2M-4 16q8 6 16 2", tones[2], 4, 'opacity=".6"')


@part
def chars(p, width=5):
    """The marks of the grill."""
    return S("M-34-18l20 36M-10-26l24 46M16-28l20 38", "#2f1003", width, 'opacity=".55"')


def skewer_shape(p, tones, n, step, h):
    start = -92
    out = S("M-118 0H150", "#8a5a24", 6) + S("M-118-1H150", "#e5bd7c", 3)
    out += R(start - 8, -h + 8, step * n + 6, h * 2, 12, "#3a1704", 'opacity=".25"')
    for i in range(n):
        x, d = start + i * step, (0, 2, -2)[i % 3]
        out += R(x, -h + d, step - 3, h * 2 - d, 11, p.rad(*tones))
    shine = "".join(f"M{start + i * step + 10} {-h + 8}h{step - 24}" for i in range(n))
    char = "".join(f"M{start + i * step + 12} {h - 7}l{step - 30} -4" for i in range(n))
    return out + S(shine, "#fff", 4, 'opacity=".4"') + S(char, "#2f1003", 5, 'opacity=".5"')


@part
def skewer(p, tones=GRILLED, n=5, h=18):
    """Meat on a stick, its handle to the right."""
    return skewer_shape(p, tones, n, 190 // n, h)


@part
def lilit(p):
    """Minced fish moulded around a stalk of lemongrass."""
    d = "M-96 0Q-92-25-60-26-10-32 22-20 46-10 46 0T22 20Q-10 32-60 26-92 25-96 0Z"
    return S("M30 0H150", "#7d9440", 13) + S("M30-2H150", "#d8e6a0", 7) + under(d, 3, 8) + P(d, p.rad("#f0bd6c", "#c07a2c", "#804512")) + S("M-74-12Q-30-24 12-12", "#fff", 5, 'opacity=".4"') + S("M-66 10l14 4M-30 4l14 6M4 8l12 2M-46-6l10 3", "#6d3508", 5, 'opacity=".5"')


@part
def prawn_skewer(p):
    """Two prawns on a stick."""
    one = prawn_shape(p)
    return S("M-118 0H150", "#d9ad68", 5) + f'<g transform="translate(-66 -2)scale(.85)">{one}</g><g transform="translate(18 -2)scale(.85)">{one}</g>'


def prawn_shape(p):
    d = "M-44 22Q-52-18-14-34 26-44 44-10 50 6 44 16 40-6 20-8-6-10-10 14-16 34-44 22Z"
    return (
        S("M-40 14q-22 4-30 20M-42 20q-14 12-16 26", "#e0542c", 3) + P("M42 12L60 22 46 28 40 40 34 22Z", "#e85a30")
        + under(d, 3, 6) + P(d, p.rad("#ffb38a", "#f0693a", "#c8401c")) + S("M-22-28q10 10 10 22M-4-36q6 10 2 26M14-34q2 12-4 26M30-24q-4 10-12 16", "#fff0e0", 3, 'opacity=".75"') + C(-37, 10, 3.5, "#2a1208")
    )


@part
def prawn(p):
    """A cooked prawn."""
    return prawn_shape(p)


@part
def squid_ring(p, light="#ffd98a", deep="#d18a2a"):
    """A ring of squid, battered unless other colours are given."""
    return E(2, 7, 26, 20, "none", 'stroke="#3a1704" stroke-opacity=".25" stroke-width="13"') + E(0, 0, 26, 20, "none", f'stroke="{deep}" stroke-width="15"') + E(0, -2, 26, 20, "none", f'stroke="{light}" stroke-width="9"')


@part
def mussel(p):
    """A green-lipped mussel, open."""
    d = "M-34 6Q-30-24 6-26 36-22 36 2 20 24-8 22-28 20-34 6Z"
    return under(d, 3, 6) + P(d, p.rad("#4f8a70", "#1f3d38")) + P("M-28 5Q-24-17 5-19 29-16 29 1 16 17-8 16-24 15-28 5Z", "#e8e2d0") + E(2, 0, 20, 12, p.rad("#ffc27a", "#e0742a")) + S("M-8-4Q2-9 12-4", "#fff", 3, 'opacity=".6"')


@part
def crab(p):
    """A whole crab in its sauce."""
    legs = "".join(f"M{s * 50} {y}q{s * 34} {-16 + k * 8} {s * 58} {10 + k * 12}" for s in (-1, 1) for k, y in enumerate((-6, 10, 26)))
    claw = lambda s: S(f"M{s * 44} -24Q{s * 80} -40 {s * 82} -68", "#c8391a", 17) + P(f"M{s * 66} -66Q{s * 64} -108 {s * 96} -114L{s * 86} -88 {s * 108} -98Q{s * 116} -66 {s * 90} -58Z", p.rad("#ff8550", "#c23312"))
    d = "M-68 0Q-62-44 0-46T68 0Q60 48 0 52T-68 0Z"
    return S(legs, "#8f1f0a", 13, 'transform="translate(2 6)"') + S(legs, "#e04a20", 12) + claw(-1) + claw(1) + under(d, 4, 10) + P(d, p.rad("#ff8a4c", "#d6401a", "#98220a")) + S("M-40-16Q-20-34 10-32", "#fff", 7, 'opacity=".4"') + S("M-30 10q14 10 28-2M6 16q14 8 26-4M-12 32q12 5 24 0", "#8f1f0a", 4, 'opacity=".6"') + C(-18, -46, 6, "#2a0f06") + C(18, -46, 6, "#2a0f06")


@part
def fish(p, tones=GRILLED, marks="#2f1003"):
    """A whole fish, its head to the left."""
    d = "M-140 6Q-118-44-50-58 30-66 92-18L146-50Q138-6 148 44L94 18Q30 62-44 56-116 46-140 6Z"
    slits = S("M-46-38q-18 36 4 74M-8-44q-16 42 4 84M30-36q-12 36 2 66M64-22q-8 22 0 42", marks, 7, 'opacity=".6"')
    return (
        P("M-70-50Q-20-92 60-36L30-30Z", tones[2]) + P("M-20 52Q0 84 40 64L36 40Z", tones[2]) + under(d, 4, 10) + P(d, p.rad(*tones)) + slits
        + S("M-86-34Q-64 4-84 44", tones[2], 5) + S("M-40-46Q16-54 66-22", "#fff", 6, 'opacity=".35"') + C(-112, -6, 10, "#fdf6e0") + C(-113, -6, 5, "#1d0e06") + S("M-138 10q14 8 24 6", tones[2], 5) + S("M108-12l28-20M108 4h32M106 14l28 18", tones[2], 4, 'opacity=".7"')
    )


@part
def ball(p, light="#d9b08a", deep="#8a5a3a"):
    """A meatball."""
    return E(3, 8, 30, 27, "#3a1704", 'opacity=".25"') + C(0, 0, 30, p.rad(light, deep)) + E(-10, -12, 8, 5, "#fff", 'opacity=".5"')


@part
def beef(p, light="#b5764a", deep="#6a3518"):
    """A piece of braised meat with its grain."""
    d = p.blob(0, 0, 27, 20, 0.2, 8)
    return under(d, 2, 5) + P(d, p.rad(light, deep)) + S("M-14-6Q0-11 13-6M-16 2Q0-3 16 2M-11 9Q0 5 12 9", "#e2b184", 2, 'opacity=".6"')


@part
def shred(p, colour="#fbeccb", deep="#dcb87a"):
    """A strand of pulled chicken."""
    return S("M-20 4Q-2-8 20-2", deep, 10) + S("M-20 2Q-2-10 20-4", colour, 7)


@part
def oxtail(p):
    """A round of oxtail with its bone."""
    d = p.blob(0, 0, 42, 36, 0.14, 9)
    return under(d, 3, 8) + P(d, p.rad("#b8754a", "#6f3718")) + P(p.blob(0, 0, 16, 14, 0.25, 6), "#f6ead0") + C(0, 0, 6, "#b88a6a") + S("M-28-10q6-12 18-14M22 16q-6 8-16 10", "#f0cf9c", 5, 'opacity=".7"')


@part
def rib(p):
    """A beef rib on its bone."""
    d = "M-50-14Q-10-36 30-20 42-4 34 18-10 32-48 16-58 0-50-14Z"
    return S("M20 0H84", "#d8c6a0", 18) + S("M20-3H82", "#fbf2dc", 12) + under(d, 3, 8) + P(d, p.rad("#b06a3c", "#5e2a10")) + S("M-34-8Q-4-22 22-12M-38 4Q-4-6 26 4", "#e0a878", 4, 'opacity=".6"')


@part
def teri(p):
    """A dried anchovy."""
    return S("M-16 2Q0-5 14 0", "#7d6a55", 6) + S("M-14 0Q0-6 12-1", "#e6dcc8", 3) + C(-15, 2, 2, "#222")


@part
def sausage(p):
    """A little sausage."""
    return R(-30, -9, 62, 22, 12, "#3a1704", 'opacity=".2"') + R(-32, -13, 64, 23, 12, p.lin("#ef8a62", "#b3452a")) + S("M-14-10l6 14M4-10l6 14", "#8f2f1a", 4)
