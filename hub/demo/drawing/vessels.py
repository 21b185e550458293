"""What food lies in and on: plates, bowls, leaves, boards, stone and baskets, seen from three quarters above."""

import math

from .canvas import C, E, P, R, S, SHADE, under

WARM = {
    "nasi": ("#fbe3b6", "#efc27c"), "mie": ("#fbdcae", "#eab06a"), "ayam": ("#f9cfa0", "#e29a5e"),
    "sate": ("#f3b988", "#d27f4c"), "soto": ("#fae0c0", "#e6b483"), "ikan": ("#f6dcb4", "#dcaf74"),
    "sayur": ("#f3e6b4", "#d6bd72"), "camilan": ("#fde0a0", "#efb65a"), "paket": ("#f7cba6", "#dd9463"),
    "dingin": ("#fde8cc", "#f3bf8a"), "panas": ("#eecfa6", "#c98f5a"), "penutup": ("#fddccb", "#eea88c"),
}


def table(p, tone):
    """The warm ground under everything."""
    light, deep = WARM[tone]
    p.add(f'<rect width="400" height="400" fill="{p.rad(light, deep)}"/>')


def shadow(p, x, y, rx, ry):
    p.add(E(x, y, rx, ry, SHADE, 'opacity=".16"'), E(x, y - 4, rx * 0.95, ry * 0.95, SHADE, 'opacity=".14"'))


RIMS = {
    "white": ("#ffffff", "#e6ddd0", "#cfc2b0", None),
    "blue": ("#ffffff", "#e3e4ea", "#b9bfcd", "#3f6fb0"),
    "red": ("#fffdf8", "#f0e3d2", "#cdb79e", "#c8452f"),
    "green": ("#f4faf0", "#d5e4cd", "#a9bfa0", "#5c8f55"),
    "clay": ("#c9764a", "#a4552f", "#733515", None),
    "celadon": ("#d3e6d6", "#a9cbb2", "#7fa48a", None),
    "stone": ("#6b6763", "#4b4744", "#2f2c2a", None),
}


def plate(p, rim="white", rx=172, ry=146, y=204):
    """A flat plate. The food belongs around (200, y - 4) within 120 x 95."""
    top, low, edge, band = RIMS[rim]
    shadow(p, 206, y + 22, rx + 2, ry)
    p.add(E(200, y + 9, rx, ry, edge), E(200, y, rx, ry, p.rad(top, low)))
    if band:
        p.add(E(200, y, rx - 9, ry - 8, "none", f'stroke="{band}" stroke-width="5"'))
    p.add(E(200, y + 2, rx * 0.84, ry * 0.83, edge, 'opacity=".55"'))
    p.add(E(200, y + 5, rx * 0.83, ry * 0.82, p.rad(low, top)))
    p.zoom(200, y, 1.22)


def oval(p, rim="white"):
    """A long plate for fish and skewers."""
    plate(p, rim, 186, 122, 208)


def bowl(p, rim="white", soup=("#f0c35a", "#c98a22"), y=178):
    """A deep bowl of soup; its surface is the ellipse (200, y) of 136 x 88."""
    top, low, edge, band = RIMS[rim]
    shadow(p, 204, 342, 118, 26)
    body = f"M44 {y}C46 {y + 92} 106 344 200 344S354 {y + 92} 356 {y}Z"
    p.add(P(f"M140 322h120l-8 30q-52 10-104 0Z", edge), P(body, p.hor(low, top, low, edge)))
    if band:
        p.add(S(f"M58 {y + 62}C84 {y + 140} 140 {y + 140} 200 {y + 140}S316 {y + 140} 342 {y + 62}", band, 6))
    p.add(E(200, y, 156, 106, p.rad(top, low)), E(200, y + 2, 141, 93, edge))
    p.add(E(200, y + 6, 137, 88, p.rad(*soup)))
    p.zoom(200, y, 1.17)


def oil(p, y=182, colour="#fff2b0", n=9):
    """Drops of fat that swim on a broth."""
    for px, py in p.scatter(200, y, 120, 74, n):
        r = p.rng.randrange(4, 9)
        p.add(E(px, py, r, r * 0.7, colour, 'opacity=".5"'))


def leaf_path(cx, cy, rx, ry):
    return f"M{cx - rx} {cy + 6}Q{cx - rx * 0.6:.0f} {cy - ry} {cx + rx * 0.1:.0f} {cy - ry}T{cx + rx} {cy - 4}Q{cx + rx * 0.7:.0f} {cy + ry} {cx - rx * 0.1:.0f} {cy + ry}T{cx - rx} {cy + 6}Z"


def banana_leaf(p, rx=180, ry=128, cy=208):
    """A cut of banana leaf laid flat."""
    d = leaf_path(200, cy, rx, ry)
    p.add(under(d, 4, 12), P(d, p.rad("#8cc152", "#4f8f33", "#35702a")))
    veins = ""
    for i in range(-4, 5):
        x = 190 + i * rx // 6
        reach = int(ry * 0.72 * (1 - (i / 5.4) ** 2))
        veins += f"M{x} {cy}q14 {-reach // 2} 26 {-reach}M{x} {cy}q14 {reach // 2} 26 {reach}"
    p.add(S(veins, "#2f6425", 2, 'opacity=".45"'))
    p.add(S(f"M{200 - rx + 6} {cy + 5}Q200 {cy - 8} {200 + rx - 6} {cy - 3}", "#c8dd8a", 5))


def liner(p, rx=112, ry=86, cy=204):
    """A round of banana leaf on a plate."""
    d = p.blob(200, cy, rx, ry, 0.05, 14)
    p.add(under(d, 2, 5), P(d, p.rad("#86bb4c", "#3f7d2c")))
    p.add(S(f"M{200 - rx + 8} {cy + 12}L{200 + rx - 8} {cy - 12}", "#b9d67c", 4, 'opacity=".8"'))


def woven(p, rx=174, ry=148, cy=206):
    """A plate woven of rattan."""
    shadow(p, 205, cy + 20, rx, ry)
    p.add(E(200, cy + 9, rx, ry, "#7b4a1f"), E(200, cy, rx, ry, p.rad("#dfa867", "#a86f36")))
    for k, gap in ((0.95, "16 17"), (0.87, "14 15")):
        p.add(E(200, cy, rx * k, ry * k, "none", f'stroke="#7b4a1f" stroke-width="6" stroke-dasharray="{gap}" opacity=".55"'))
    p.add(E(200, cy + 3, rx * 0.8, ry * 0.79, "#8a5526"), E(200, cy + 6, rx * 0.79, ry * 0.77, p.rad("#c98f50", "#e2b271")))
    p.zoom(200, cy, 1.06)


def board(p, x=34, y=84, w=332, h=250):
    """A wooden board."""
    p.add(R(x + 4, y + 14, w, h, 34, SHADE, 'opacity=".24"'), R(x, y + 8, w, h, 34, "#7a4620"))
    p.add(R(x, y, w, h, 34, p.lin("#d69a5c", "#b5763b")))
    grain = "".join(f"M{x + 22} {y + k}q{w // 4} {12 if k % 3 else -12} {w // 2 - 20} 0t{w // 2 - 24} 0" for k in range(34, h - 10, 42))
    p.add(S(grain, "#8d5526", 3, 'opacity=".5"'))


def cobek(p, y=206):
    """A stone mortar."""
    shadow(p, 206, y + 30, 172, 140)
    p.add(E(200, y + 20, 170, 138, "#26221f"), E(200, y, 170, 138, p.rad("#85807b", "#4d4845")))
    p.add(E(200, y + 2, 146, 115, "#2d2926"), E(200, y + 8, 142, 108, p.rad("#4a4542", "#6d6763")))
    p.sprinkle(200, y, 158, 128, 34, ["#9b958f"], 1, 3, 0.5)


def pan(p):
    """A small iron skillet."""
    shadow(p, 206, 232, 160, 132)
    p.add(P("M318 180l66-28q12 0 10 18l-64 40Z", "#2a2523"), E(194, 212, 158, 130, "#1e1a18"))
    p.add(E(194, 204, 158, 130, p.rad("#5b5551", "#312c2a")), E(194, 208, 140, 112, "#221e1c"))


def basket(p):
    """A deep basket with paper; heap the food around (200, 170)."""
    shadow(p, 204, 346, 142, 24)
    p.add(E(200, 196, 160, 78, "#6f421b"), E(200, 196, 146, 66, "#8f5a29"))
    p.add(P("M70 190L92 108 140 150 180 84 226 146 288 98 330 190Z", "#fff6e4"), P("M70 190L92 108 140 150 180 84 160 190Z", "#eadbc0"))


def basket_front(p):
    """The woven front that hides the lower part of the heap."""
    p.add(P("M40 200Q200 290 360 200L334 318Q200 376 66 318Z", p.hor("#a76b33", "#d79c58", "#9a602c")))
    rows = "".join(f"M{46 + k * 0.22:.0f} {226 + k}Q200 {306 + k * 0.9:.0f} {354 - k * 0.22:.0f} {226 + k}" for k in (0, 28, 56, 84))
    cols = "".join(f"M{70 + i * 26} {222 + 44 - abs(i - 5) ** 2 * 1.7:.0f}l{(5 - i) * 3} 96" for i in range(11))
    p.add(S(rows, "#6f421b", 4, 'opacity=".65"'), S(cols, "#6f421b", 4, 'opacity=".5"'))
    p.add(S("M40 200Q200 290 360 200", "#e8b878", 10))


def dip(p, x, y, sauce=("#d8412a", "#8f1d12"), r=40, rim="white"):
    """A small dish of sauce."""
    top, low, edge, _ = RIMS[rim]
    p.add(E(x + 4, y + 12, r + 2, r * 0.8, SHADE, 'opacity=".25"'), E(x, y + 6, r, r * 0.8, edge))
    p.add(E(x, y, r, r * 0.8, p.rad(top, low)), E(x, y + 2, r * 0.78, r * 0.6, p.rad(*sauce)))
    p.add(S(f"M{x - r * 0.4:.0f} {y - 6}q{r * 0.3:.0f} -10 {r * 0.6:.0f} -5", "#fff", 4, 'opacity=".5"'))


def sambal(p, x, y, r=40, rim="stone", sauce=("#d8412a", "#8f1d12"), seeds="#f2c84b"):
    """A dish of chilli paste, with its seeds."""
    dip(p, x, y, sauce, r, rim)
    p.sprinkle(x, y + 2, r * 0.6, r * 0.45, 12, [seeds, "#ef6a4a"], 2, 4)


def steam(p, x=200, y=70):
    """What says that it is hot."""
    p.add(S(f"M{x - 40} {y}q-16 -18 0 -32t0 -30M{x} {y}q-16 -18 0 -32t0 -34M{x + 40} {y}q-16 -18 0 -32t0 -30", "#fff", 8, 'opacity=".55"'))


def mound(p, x, y, rx, ry, light, deep, wobble=0.08):
    """A heap of anything."""
    d = p.blob(x, y, rx, ry, wobble, 11)
    p.add(under(d, 3, 8), P(d, p.rad(light, deep)))


def pool(p, x, y, rx, ry, light, deep, wobble=0.14):
    """A puddle of sauce that shines."""
    d = p.blob(x, y, rx, ry, wobble, 10)
    p.add(P(d, p.rad(light, deep)))
    p.add(S(f"M{x - rx * 0.5:.0f} {y - ry * 0.35:.0f}q{rx * 0.35:.0f} {-ry * 0.3:.0f} {rx * 0.8:.0f} {-ry * 0.1:.0f}", "#fff", 4, 'opacity=".35"'))
