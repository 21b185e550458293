"""Rice, noodles, eggs, beans' cakes and doughs."""

import math

from .canvas import SHADE, C, E, P, R, S, part, under
from .vessels import mound


def rice(p, x, y, rx, ry, kind="white", n=50):
    """A heap of rice."""
    light, deep, grains = {
        "white": ("#fffefa", "#e4dccb", ["#ffffff", "#efe8da", "#d9cfbc"]),
        "yellow": ("#ffdf6b", "#e3a81f", ["#ffe991", "#f7c63a", "#d9971a"]),
        "gurih": ("#fff9e6", "#e3d6b0", ["#fffdf2", "#f1e6c6", "#cfc197"]),
        "fried": ("#d98d3e", "#9c5518", ["#f0b568", "#c8762a", "#874513", "#f7cf8c"]),
        "red": ("#cf6a35", "#8d3314", ["#e99a5c", "#b8501f", "#7c2a0d", "#f3be82"]),
        "brown": ("#b87a3e", "#74431a", ["#d79c5d", "#9c5f2a", "#62360f", "#e8bb80"]),
    }[kind]
    mound(p, x, y, rx, ry, light, deep, 0.05)
    p.sprinkle(x, y, rx * 0.95, ry * 0.93, n, grains, 9, 5)


def noodles(p, x, y, rx, ry, colours=("#f7cf6a", "#dd9f33", "#b8741d"), n=26, width=6, heap=True):
    """A tangle of noodles: swirls about a few centres, lightest on top. The last colour is the shade between them."""
    if heap:
        mound(p, x, y, rx, ry, colours[1], colours[-1], 0.06)
    top, mid, deep = colours
    for layer, (colour, reach) in enumerate(((deep, 0.95), (mid, 0.9), (top, 0.8))):
        d = ""
        for i in range(n // 3):
            a, r = i * 2.39996 + layer, reach * ((i + 0.6) * 3 / n) ** 0.5
            cx, cy = x + math.cos(a) * rx * r * 0.7, y + math.sin(a) * ry * r * 0.66
            t, l = a + p.rng.uniform(0.9, 2.2), rx * p.rng.uniform(0.28, 0.42)
            bend = p.rng.choice((-1, 1)) * l * p.rng.uniform(0.5, 0.9)
            ux, uy = math.cos(t) * l, math.sin(t) * l * 0.8
            nx, ny = -math.sin(t) * bend, math.cos(t) * bend * 0.8
            d += f"M{cx - ux:.0f} {cy - uy:.0f}q{ux * 0.5 + nx:.0f} {uy * 0.5 + ny:.0f} {ux:.0f} {uy:.0f}t{ux:.0f} {uy:.0f}"
        p.add(S(d, SHADE, width + 4, 'opacity=".35"'), S(d, colour, width))


@part
def fried_egg(p):
    """An egg sunny side up, crisp at its edge."""
    d = p.blob(0, 0, 52, 44, 0.17, 9)
    return under(d, 3, 6) + P(d, p.rad("#ffffff", "#f6ecdb"), 'stroke="#c98a3c" stroke-width="3" stroke-opacity=".7"') + E(3, 2, 22, 20, "#e08a12") + E(2, 0, 22, 20, p.rad("#ffd84a", "#f7a516")) + E(-5, -7, 7, 4, "#fff", 'opacity=".8"')


@part
def half_egg(p, white="#ffffff", yolk="#f8b52a"):
    """Half a boiled egg."""
    return E(3, 6, 25, 21, "#3a1704", 'opacity=".22"') + E(0, 0, 26, 21, p.rad(white, "#e8dcc8")) + E(2, 0, 14, 12, p.rad("#ffd968", yolk)) + E(-3, -4, 4, 2, "#fff", 'opacity=".7"')


@part
def omelette(p):
    """A ribbon of omelette."""
    return S("M-26 6Q-10-10 4 0T28-6", "#c88a14", 11) + S("M-26 4Q-10-12 4-2T28-8", "#ffd758", 9)


@part
def tempe(p):
    """A slice of fried tempeh."""
    beans = "".join(E(x, y, 5, 4, "#f0cf8a") for x, y in ((-18, -6), (-4, -9), (11, -5), (-12, 6), (4, 4), (19, 7)))
    d = "M-30-14Q0-19 30-14 34 0 30 15 0 19-30 15-34 0-30-14Z"
    return under(d, 3, 6) + P(d, p.rad("#d69a4c", "#93571c")) + beans


@part
def tofu(p):
    """A cube of fried tofu."""
    return R(-18, -12, 38, 34, 6, "#3a1704", 'opacity=".2"') + R(-20, -18, 40, 36, 7, "#a9671f") + R(-20, -20, 40, 32, 7, p.rad("#fbd98a", "#d99a3b")) + S("M-12-12Q0-16 11-12", "#fff", 3, 'opacity=".6"')


@part
def lontong(p):
    """A slice of rice cake."""
    return E(2, 9, 27, 22, "#3a1704", 'opacity=".2"') + E(0, 6, 27, 21, "#a9bd84") + E(0, 0, 27, 21, p.rad("#ffffff", "#dfe6c6")) + S("M-10-4h2M4-8h2M8 4h2M-5 7h2", "#cfd8b0", 4)


@part
def potato(p, light="#ffe7a0", deep="#e0ad4a"):
    """A piece of potato."""
    d = p.blob(0, 0, 20, 16, 0.2, 7)
    return under(d, 2, 4) + P(d, p.rad(light, deep))


@part
def perkedel(p):
    """A potato cake, fried brown."""
    return E(3, 9, 30, 24, "#3a1704", 'opacity=".22"') + E(0, 6, 30, 23, "#7c4314") + E(0, 0, 30, 23, p.rad("#e2a350", "#a8641f")) + S("M-12-6l4 3M4-10l5 2M-4 6l5-2M12 4l4 2", "#f6cf86", 4)


@part
def fritter(p, light="#f6c45c", deep="#c07a1e"):
    """A golden fritter with a ragged crust."""
    d = p.blob(0, 0, 46, 34, 0.16, 13)
    return under(d, 3, 8) + P(d, p.rad(light, deep, "#8f520f")) + S("M-24-10q14-12 32-6M-18 8l6-5M6-2l9 3M-2 16l9-4M22-6l5 6M-32 0l4 4", "#fff0b4", 4, 'opacity=".6"')


@part
def roll(p, light="#f3bd62", deep="#b5701f"):
    """A fried roll, lying."""
    d = "M-58-18Q0-25 58-18 70 0 58 19 0 25-58 19-70 0-58-18Z"
    return under(d, 4, 9) + P(d, p.lin(light, deep)) + E(56, 0, 10, 17, "#8c4f14") + E(55, 0, 7, 13, "#fbe6b4") + S("M-44-9Q0-16 40-10", "#fff3c6", 5, 'opacity=".7"') + S("M-30 6l5 3M-4 2l6 4M20 8l6 2", "#96591a", 4, 'opacity=".6"')


@part
def toast(p, inside="#f7b8a2"):
    """A breaded croquette cut open."""
    d = "M-44-17Q-52 0-44 18H34Q46 10 46 0T34-18Z"
    crumbs = "".join(f"M{-38 + i * 9} {(-10, 4, -3, 11)[i % 4]}h1" for i in range(8))
    return under(d, 3, 8) + P(d, p.lin("#eeb04e", "#a8661a")) + S(crumbs, "#ffdf96", 5) + E(34, 0, 12, 18, "#fff0d0") + E(35, 0, 9, 13, inside) + C(36, 2, 5, "#ffd24a")


@part
def dumpling(p):
    """A steamed fish dumpling with its pleats."""
    d = "M-28 14Q-34-8-14-18-4-30 6-20 30-16 30 12 16 26 0 25T-28 14Z"
    return under(d, 3, 6) + P(d, p.rad("#fff8df", "#e2cd97")) + S("M-14-14q4 10 2 20M0-20q2 10 0 24M14-14q0 10-2 18", "#cdb277", 3) + E(0, -18, 8, 5, "#f3a050")


def ribbon(p, x, y, points, width, colour):
    """A wavy sauce line poured over a dish."""
    d = f"M{x} {y}" + "".join(f"q{a} {b} {c} {e}" for a, b, c, e in points)
    p.add(S(d, colour, width))
