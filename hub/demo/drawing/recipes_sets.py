"""The set meals: a tray with several things on it."""

from .canvas import C, E, P, R, S, SHADE, strew
from .drinks import citrus, cube
from .garnish import *
from .meats import *
from .starch import *
from .vessels import *


def tray(p, colour="#b5763b"):
    """A tray seen from above."""
    p.add(R(24, 62, 360, 296, 34, SHADE, 'opacity=".25"'), R(18, 54, 364, 296, 34, "#6d3f1a"), R(18, 46, 364, 294, 34, p.lin("#d9a066", colour)), R(34, 62, 332, 262, 24, "#7f4a20", 'opacity=".28"'))


def drink(p, x, y, top="#c8742a", deep="#8a4210", wheel=False):
    """A glass seen from above."""
    p.add(E(x + 5, y + 12, 50, 48, SHADE, 'opacity=".3"'), C(x, y, 48, "#f6f1e6"), C(x, y, 43, "#d9d2c4"), C(x, y, 41, p.rad(top, deep)))
    cube(p, x - 12, y - 8, 14, 0.75)
    cube(p, x + 14, y + 12, -20, 0.7)
    if wheel:
        citrus(p, x + 26, y - 22, 24)
    p.add(S(f"M{x + 6} {y - 8}l34-44", "#e8553a", 9), S(f"M{x + 6} {y - 10}l32-42", "#fff", 3, 'opacity=".6"'))


def dish(p, x, y, r=92, rim="#fff"):
    """A round plate on a tray."""
    p.add(E(x + 4, y + 12, r + 2, r * 0.92, SHADE, 'opacity=".28"'), E(x, y + 5, r, r * 0.9, "#d5c7b2"), E(x, y, r, r * 0.9, p.rad("#ffffff", "#e8dfd2")), E(x, y, r - 10, r * 0.9 - 9, "none", f'stroke="{rim}" stroke-width="4"'))


def paket_ayam_geprek(p):
    tray(p)
    dish(p, 150, 200, 112, "#c8452f")
    rice(p, 116, 172, 52, 46, "white", 30)
    crust(p, 176, 218, -10, 0.95)
    pool(p, 178, 208, 46, 26, "#ee4f2e", "#a81c10", 0.26)
    p.sprinkle(178, 208, 38, 20, 14, ["#ffd45e", "#7c120a"], 3, 4)
    cucumber(p, 106, 248)
    cucumber(p, 134, 266)
    drink(p, 316, 132)
    sambal(p, 312, 268, 40)


def paket_ayam_bakar(p):
    tray(p, "#a86a34")
    dish(p, 148, 200, 112, "#5c8f55")
    rice(p, 116, 168, 52, 44, "white", 30)
    drumstick(p, 158, 226, -12, 0.92, GRILLED)
    chars(p, 152, 226, -6, 0.8)
    drink(p, 316, 128)
    dip(p, 308, 262, ("#f2cf8a", "#c88d3e"), 56)
    corn(p, 296, 258, 0, 0.8)
    corn(p, 324, 270, 0, 0.6)


def paket_sate_ayam(p):
    tray(p)
    p.add(P(p.blob(156, 200, 126, 112, 0.04, 14), p.rad("#86bb4c", "#3f7d2c")))
    for i in range(5):
        skewer(p, 152, 138 + i * 27, -8 + i * 4, 0.94, GRILLED, 5, 15)
    pool(p, 118, 216, 44, 34, "#c98345", "#8a4a1c")
    nuts(p, 118, 214, 34, 22, 10)
    drink(p, 322, 122)
    for x, y in ((300, 236), (334, 252), (304, 276)):
        lontong(p, x, y, 0, 1)


def paket_pecel_lele(p):
    tray(p, "#a86a34")
    dish(p, 148, 200, 112, "#3f6fb0")
    rice(p, 112, 166, 48, 42, "white", 20)
    fish(p, 158, 222, -6, 0.66, ("#c98a3e", "#7f4a18", "#4c280a"), "#3d1f08")
    tofu(p, 196, 150, 0, 0.95)
    tofu(p, 204, 178, 8, 0.95)
    drink(p, 316, 130)
    sambal(p, 312, 264, 44)


def paket_bebek_kremes(p):
    tray(p)
    p.add(P(p.blob(152, 200, 122, 108, 0.04, 14), p.rad("#86bb4c", "#3f7d2c")))
    rice(p, 108, 160, 50, 42, "white", 28)
    thigh(p, 170, 216, -10, 1, ("#d98a3a", "#8f4d14", "#532606"))
    p.sprinkle(170, 208, 66, 44, 36, ["#ffe08a", "#f0b040", "#c87f1e"], 5, 6)
    cucumber(p, 92, 250)
    cucumber(p, 116, 270)
    drink(p, 318, 128, "#ffd24a", "#f09a1c", True)
    sambal(p, 314, 264, 42, "stone", ("#6b3a1c", "#2a120a"))


def paket_liwet_berdua(p):
    banana_leaf(p, 192, 148)
    rice(p, 200, 206, 82, 58, "gurih", 24)
    drumstick(p, 108, 182, -30, 0.72)
    drumstick(p, 290, 172, 20, 0.72)
    for x, y in ((96, 236), (124, 256)):
        tempe(p, x, y, 20, 0.75)
    for x, y in ((282, 246), (312, 232)):
        tofu(p, x, y, 0, 0.85)
    strew(p, teri, 204, 288, 40, 8, 3, 1.6)
    sambal(p, 200, 118, 32)
    shallots(p, 200, 206, 60, 40, 6)


def paket_keluarga(p):
    tray(p)
    dish(p, 140, 150, 94, "#c8452f")
    thigh(p, 140, 150, 0, 1.05, GRILLED)
    chars(p, 140, 146, 0, 0.9)
    dish(p, 288, 136, 70, "#5c8f55")
    strew(p, stem, 288, 134, 36, 28, 5, 0.8)
    dish(p, 116, 270, 60, "#3f6fb0")
    rice(p, 116, 268, 46, 38, "white", 9)
    for x in (212, 320):
        drink(p, x, 266)


def paket_anak(p):
    tray(p, "#c98a4a")
    dish(p, 158, 200, 120, "#f0a52c")
    bear = "#fffdf6"
    p.add(C(112, 146, 20, bear), C(176, 146, 20, bear), E(144, 186, 60, 52, p.rad(bear, "#e9dfce")), C(112, 146, 10, "#f3c9a0"), C(176, 146, 10, "#f3c9a0"))
    p.sprinkle(144, 190, 50, 44, 26, ["#e6dccb"], 8, 4)
    p.add(C(124, 180, 6, "#2f1a10"), C(164, 180, 6, "#2f1a10"), E(144, 196, 9, 6, "#2f1a10"), S("M134 208q10 8 20 0", "#2f1a10", 4), C(110, 198, 8, "#f5a08a"), C(178, 198, 8, "#f5a08a"))
    crust(p, 206, 250, 10, 0.5)
    sausage(p, 128, 264, -10, 0.9)
    floret(p, 232, 186, 0, 1, "#6fb24c", "#2f6f2b", "#a9cf78")
    carrot(p, 240, 222)
    p.add(R(298, 126, 66, 116, 8, SHADE, 'opacity=".25"'), R(292, 116, 66, 116, 8, p.hor("#8a4a24", "#b5713a", "#7a3f1c")), P("M292 168q33-26 66 0v40H292Z", "#fff3dc"), S("M338 116l10-40 14 2", "#fff", 7), C(325, 196, 14, "#8a4a24"))
