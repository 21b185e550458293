"""Vegetables, herbs and everything strewn on top. Each part is drawn around the origin, about 50 units wide."""

import math

from .canvas import C, E, P, R, S, part, under


@part
def cucumber(p):
    """A slice of cucumber."""
    seeds = "".join(f"M{math.cos(a) * 9:.0f} {math.sin(a) * 9:.0f}l{math.cos(a) * 4:.0f} {math.sin(a) * 4:.0f}" for a in (0, 1, 2.1, 3.1, 4.2, 5.2))
    return E(3, 5, 24, 24, "#3a1704", 'opacity=".2"') + C(0, 0, 24, "#4f8f3a") + C(0, 0, 21, p.rad("#eef8cf", "#bfdf94")) + S(seeds, "#fbfde8", 3)


@part
def tomato(p):
    """A slice of tomato."""
    d = "M0-6Q12-18 15-5 13 6 3 5ZM-4-5Q-17-14-16 0-10 11-2 4ZM0 8Q12 9 8 16 0 20-8 16-12 9 0 8Z"
    return C(3, 5, 24, "#3a1704", 'opacity=".2"') + C(0, 0, 24, p.rad("#f4583c", "#c92f1f")) + C(0, 0, 19, "#f77f5f") + P(d, "#d93a24") + S("M-8-3h1M8-5h1M0 13h1", "#f8d783", 4)


@part
def tomato_wedge(p):
    """A quarter of tomato, skin down."""
    return P("M-26-6Q0 30 26-6Q0 6-26-6Z", "#3a1704", 'opacity=".2" transform="translate(2 5)"') + P("M-28-8Q0 34 28-8Q0 4-28-8Z", p.rad("#f2553a", "#bf2a1b")) + P("M-24-6Q0 20 24-6Q0 4-24-6Z", "#f98f70") + S("M-6 2h2M6 2h2", "#fbe39a", 4)


@part
def lime(p, flesh="#dcec8c", skin="#7fb23a"):
    """Half a lime."""
    rays = "".join(f"M0 0L{math.cos(a) * 15:.0f} {math.sin(a) * 15:.0f}" for a in (0.3, 1.3, 2.4, 3.4, 4.5, 5.5))
    return C(3, 5, 22, "#3a1704", 'opacity=".2"') + C(0, 0, 22, skin) + C(0, 0, 19, "#f7fbdc") + C(0, 0, 16, flesh) + S(rays, "#f7fbdc", 2.5)


@part
def chili(p, light="#f0452e", deep="#a81a12"):
    """A whole chilli."""
    d = "M-30-4Q-6-16 14-4 26 3 34 16 14 14 0 10-20 8-30 8-36 2-30-4Z"
    return under(d, 2, 5) + P(d, p.lin(light, deep)) + S("M-22-2Q-6-8 8-2", "#fff", 3, 'opacity=".5"') + S("M-31 2q-10-2-14-10", "#4d8a2e", 5)


@part
def chili_ring(p, colour="#e03a26"):
    """A ring of chilli."""
    return E(0, 0, 8, 6, "#fbe6c8") + E(0, 0, 8, 6, "none", f'stroke="{colour}" stroke-width="4"') + C(1, 0, 1.6, "#f6d67a")


@part
def scallion(p, colour="#4e9a33"):
    """A ring of scallion."""
    return E(0, 0, 6, 4.6, "#e3f2b4", f'stroke="{colour}" stroke-width="3"')


@part
def basil(p, light="#7cc04c", deep="#2f7a2b"):
    """A leaf of basil."""
    d = "M-28 0Q-12-20 10-14 24-8 32 2 20 14 6 15-16 16-28 0Z"
    return under(d, 2, 4) + P(d, p.rad(light, deep)) + S("M-34 0Q0-3 26 1M-10-2l8-8M-8 0l9 9M6-1l7-7M8 1l7 7", "#d5eba6", 2, 'opacity=".7"')


@part
def parsley(p, colour="#3f8f34"):
    """A sprig of parsley or celery leaf."""
    return S("M0 24Q-2 4 0-4M0 8L-14-4M0 6L14-6", "#5a9a3c", 3) + "".join(C(x, y, r, c) for x, y, r, c in ((-16, -8, 9, colour), (16, -10, 9, colour), (0, -14, 10, "#63b04a"), (-8, -18, 8, colour), (9, -2, 7, "#63b04a")))


@part
def lettuce(p, light="#b9de7a", deep="#5fa23e"):
    """A ruffled leaf of lettuce."""
    d = p.blob(0, 0, 50, 40, 0.2, 13)
    return under(d, 2, 6) + P(d, p.rad(light, deep)) + S("M-36 10Q0 0 34-14M-10 4l-10-18M6-1l-4-20M-2 2l14 16", "#eaf7c4", 3, 'opacity=".75"')


@part
def cabbage(p):
    """A torn piece of cabbage."""
    d = p.blob(0, 0, 34, 26, 0.22, 10)
    return under(d, 2, 4) + P(d, p.rad("#f4f8d4", "#b8d68a")) + S("M-24 4Q0-2 24-8M-4 0l-8-14M6-3l6 14", "#fff", 3, 'opacity=".8"')


@part
def carrot(p):
    """A slice of carrot."""
    return E(2, 4, 15, 13, "#3a1704", 'opacity=".2"') + E(0, 0, 15, 13, p.rad("#ffa54a", "#e87318")) + E(0, 0, 7, 6, "#ffbd6b", 'opacity=".8"')


@part
def bean(p, colour="#4f9438"):
    """A cut of long bean."""
    return S("M-16 3Q0-3 16 1", "#2d5f20", 9, 'opacity=".5" transform="translate(1 3)"') + S("M-16 3Q0-3 16 1", colour, 8) + S("M-12 1Q0-4 10-1", "#a4d07a", 2)


@part
def stem(p, colour="#5ea63a"):
    """Water spinach: a hollow stem and its leaf."""
    d = "M4-3Q24-22 52-16 44 2 10 6Z"
    return S("M-40 10Q-16 4 8 1", "#3a1704", 9, 'opacity=".2" transform="translate(2 5)"') + S("M-40 10Q-16 4 8 1", colour, 9) + S("M-38 8Q-16 2 6-1", "#b8dd86", 2) + P(d, p.rad("#58a03a", "#24651f")) + S("M10 1Q28-6 46-13", "#9acb6c", 2)


@part
def sprout(p):
    """A bean sprout."""
    return S("M-20 8Q-8-12 6-2T22-6", "#c9b993", 7, 'opacity=".5" transform="translate(1 3)"') + S("M-20 8Q-8-12 6-2T22-6", "#fdfaea", 6) + E(-21, 9, 6, 5, "#ecd36a")


@part
def corn(p):
    """A wheel of corn on the cob."""
    dots = "".join(f"M{math.cos(a) * 20:.0f} {math.sin(a) * 17:.0f}h1" for a in (i * 0.52 for i in range(12)))
    return E(3, 8, 27, 24, "#3a1704", 'opacity=".2"') + E(0, 5, 27, 23, "#d49a1c") + E(0, 0, 27, 23, p.rad("#ffe27a", "#f0b82f")) + S(dots, "#fff2ae", 8) + E(0, 0, 12, 10, "#f8eac0")


@part
def floret(p, light="#fffbe9", deep="#dccb9c", stalk="#eef0c0"):
    """A floret of cauliflower, or of broccoli in green."""
    knobs = "".join(C(x, y, r, p.rad(light, deep)) for x, y, r in ((-13, -2, 12), (13, -3, 12), (0, -13, 13), (-2, 2, 11)))
    return P("M-7 4L-4 26H6L9 4Z", stalk) + knobs


@part
def eggplant(p):
    """A long half of fried eggplant, in its purple skin."""
    d = "M-44-4Q-20-22 20-16 46-10 48 2 36 18-6 18-40 16-44-4Z"
    return under(d, 3, 6) + P(d, p.lin("#7b4a94", "#3d1d52")) + P("M-36-3Q-14-15 18-10 38-6 40 1 28 9-6 9-34 8-36-3Z", p.rad("#f3dca0", "#cfa860"))


@part
def petai(p):
    """A stink bean."""
    return E(2, 4, 13, 9, "#3a1704", 'opacity=".25"') + E(0, 0, 13, 9, p.rad("#a9d65b", "#5d9a2c")) + S("M-7-3Q0-7 6-3", "#e6f5b8", 2)


@part
def cracker(p, light="#fff3d6", deep="#eec98e"):
    """A puffed cracker with its bubbles."""
    d = p.blob(0, 0, 42, 34, 0.16, 11)
    holes = "".join(E(x, y, r, r * 0.8, deep) for x, y, r in ((-18, -8, 6), (4, -14, 5), (18, 2, 7), (-6, 8, 6), (-22, 10, 4), (10, 18, 4)))
    return under(d, 3, 6) + P(d, p.rad(light, deep)) + S("M-26-10Q-4-26 22-14", "#fff", 4, 'opacity=".7"') + holes


@part
def emping(p):
    """A chip of melinjo."""
    d = p.blob(0, 0, 22, 19, 0.12, 9)
    return under(d, 2, 4) + P(d, p.rad("#fbe8b4", "#d9aa58")) + S("M-10-4q8-6 16-2M-8 6q8-3 14 2", "#c2893c", 2, 'opacity=".7"')


@part
def peyek(p):
    """A thin wafer with peanuts."""
    d = p.blob(0, 0, 48, 36, 0.14, 12)
    nuts = "".join(E(x, y, 7, 5, "#b8702f") for x, y in ((-22, -6), (2, -14), (20, 4), (-6, 10), (28, -12), (-28, 10)))
    return under(d, 3, 6) + P(d, p.rad("#ffe9a8", "#dfa544")) + nuts


@part
def shallot(p):
    """A ring of raw shallot."""
    return E(0, 0, 12, 10, "#f7e3ee", 'stroke="#a8497e" stroke-width="3"') + E(0, 0, 6, 5, "none", 'stroke="#c987ab" stroke-width="2"')


@part
def mushroom(p):
    """A slice of mushroom."""
    d = "M-20 0Q-20-18 0-18T20 0Q12 6 6 4L7 16H-7L-6 4Q-12 6-20 0Z"
    return under(d, 2, 4) + P(d, p.lin("#f1dfc0", "#b98f5e")) + S("M-12-1Q0 5 12-1", "#8a6035", 3)


@part
def lemongrass(p):
    """A stalk of lemongrass."""
    return S("M-60 0H60", "#8a9a3e", 13) + S("M-60-2H60", "#e6edb0", 8) + R(44, -7, 18, 14, 6, "#f7f3d8")


def shallots(p, x, y, rx, ry, n=16):
    """Fried shallots, strewn."""
    p.sprinkle(x, y, rx, ry, n, ["#8c4a17", "#c07a2c", "#e0a04a"], 7, 3.5)


def herbs(p, x, y, rx, ry, n=10):
    """Chopped scallion and celery, strewn."""
    p.sprinkle(x, y, rx, ry, n, ["#3f8f34", "#7bbf4e"], 4, 4)


def nuts(p, x, y, rx, ry, n=14):
    """Crushed peanuts, strewn."""
    p.sprinkle(x, y, rx, ry, n, ["#f0cf94", "#c98f48"], 2, 5)


def salad(p, x, y, spin=0, red=True):
    """The corner of a plate: lettuce, cucumber and tomato."""
    lettuce(p, x, y, spin, 0.9)
    cucumber(p, x - 12, y - 4, spin, 0.9)
    cucumber(p, x + 14, y + 8, spin + 40, 0.9)
    if red:
        tomato(p, x + 12, y - 18, spin, 0.8)


def star(p, x, y):
    """Star anise."""
    for a in range(0, 360, 45):
        p.add(P("M0 0Q10-12 0-34-10-12 0 0Z", "#7a3f18", f'transform="translate({x} {y})rotate({a})"'))
    p.add(C(x, y, 6, "#c98a4a"))
