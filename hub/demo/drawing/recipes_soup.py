"""Soups, fish and seafood."""

from .canvas import C, P, S, part, strew, under
from .garnish import *
from .meats import *
from .starch import *
from .vessels import *

PADANG = ("#f0702e", "#b0300c")


def soto_ayam_lamongan(p):
    bowl(p, "blue", ("#f8d45a", "#cf9420"))
    noodles(p, 206, 190, 74, 40, ("#fffbe6", "#f2e2b0", "#d8bf78"), 18, 4, False)
    strew(p, shred, 170, 164, 54, 30, 7, 1)
    half_egg(p, 254, 168, 10, 1.15)
    strew(p, sprout, 146, 206, 30, 16, 4, 0.8)
    p.sprinkle(216, 206, 50, 24, 22, ["#fff3c4", "#f0d488"], 2, 5)
    herbs(p, 200, 180, 100, 54, 16)
    lime(p, 284, 206, 0, 0.8)
    oil(p, 182, "#fff6b0", 6)
    steam(p, 190, 62)


def soto_betawi(p):
    bowl(p, "red", ("#fdeecb", "#e4bc7c"))
    strew(p, beef, 188, 174, 70, 40, 6, 1.05)
    strew(p, potato, 220, 190, 70, 40, 4, 1)
    tomato_wedge(p, 146, 204, 20, 1)
    tomato_wedge(p, 248, 152, -20, 0.9)
    for x, y in ((276, 186), (256, 212)):
        emping(p, x, y, 10, 1.3)
    herbs(p, 196, 180, 96, 54, 16)
    shallots(p, 190, 160, 50, 24, 12)
    oil(p, 184, "#f0a040", 8)


def soto_banjar(p):
    bowl(p, "green", ("#f9e8b4", "#d9b765"))
    noodles(p, 190, 190, 80, 44, ("#fffbe6", "#f2e2b0", "#d8bf78"), 24, 3.5, False)
    for x, y in ((136, 178), (170, 214)):
        perkedel(p, x, y, 0, 0.95)
    half_egg(p, 256, 182, 20, 1.2, "#ffffff", "#ef8a1e")
    strew(p, shred, 206, 156, 50, 20, 6, 0.9)
    strew(p, carrot, 230, 216, 30, 12, 3, 0.7)
    herbs(p, 200, 180, 96, 54, 16)
    lime(p, 292, 210, 0, 0.8)


def coto_makassar(p):
    bowl(p, "clay", ("#b5793c", "#6d3d16"))
    strew(p, beef, 196, 178, 82, 46, 9, 1.05)
    oil(p, 182, "#e8b060", 10)
    herbs(p, 200, 176, 100, 54, 20)
    shallots(p, 200, 166, 60, 30, 20)
    ketupat(p, 330, 300)
    lime(p, 280, 204, 0, 0.85)


def ketupat(p, x, y):
    """A rice cake in its woven palm leaf."""
    d = f"M{x - 52} {y}L{x} {y - 52} {x + 52} {y} {x} {y + 52}Z"
    p.add(under(d, 4, 8), P(d, p.rad("#cfe07a", "#7da53a")))
    lines = "".join(f"M{x - 52 + k} {y + k}l52-52M{x - 52 + k} {y - k}l52 52" for k in (13, 26, 39))
    p.add(S(lines, "#52802a", 3), S(f"M{x} {y - 52}q6-18 20-20", "#52802a", 5))


def rawon_surabaya(p):
    bowl(p, "white", ("#4a3226", "#1c110c"))
    strew(p, beef, 184, 176, 70, 40, 7, 1.1, "#8a5638", "#41200f")
    half_egg(p, 258, 164, 10, 1.15, "#eef3f0", "#f08a1a")
    strew(p, sprout, 158, 206, 46, 18, 7, 0.85)
    oil(p, 182, "#c09a6a", 9)
    herbs(p, 206, 182, 90, 50, 18)
    sambal(p, 330, 306, 34, "white")
    steam(p, 190, 62)


def sop_buntut(p):
    bowl(p, "blue", ("#f4d9a0", "#c8964a"))
    for x, y in ((150, 164), (220, 152), (196, 208)):
        oxtail(p, x, y, x, 0.95)
    strew(p, carrot, 262, 190, 34, 24, 4, 1)
    strew(p, potato, 130, 206, 22, 12, 2, 1.1)
    tomato_wedge(p, 270, 152, 0, 0.8)
    parsley(p, 190, 180, 0, 0.8)
    oil(p, 182, "#fff2c0", 9)
    herbs(p, 200, 180, 100, 54, 12)
    emping(p, 330, 320, 0, 1.3)


def sop_iga_sapi(p):
    bowl(p, "clay", ("#f0c987", "#bd7f36"))
    rib(p, 176, 156, -16, 1.05)
    rib(p, 206, 204, 10, 0.95)
    tomato_wedge(p, 126, 190, 30, 0.9)
    strew(p, carrot, 264, 164, 26, 16, 3, 0.95)
    parsley(p, 250, 200, 10, 0.8)
    oil(p, 182, "#fff0b8", 9)
    shallots(p, 176, 176, 60, 30, 14)
    steam(p, 190, 62)


def bakso_urat(p):
    bowl(p, "red", ("#f5e0b0", "#d4aa66"))
    noodles(p, 206, 196, 96, 46, ("#ffe894", "#f4c95a", "#cf962e"), 24, 6, False)
    ball(p, 176, 160, 0, 1.5)
    for x, y in ((248, 158), (262, 198), (206, 214)):
        ball(p, x, y, 0, 0.85)
    tofu(p, 128, 206, -10, 1)
    stem(p, 160, 220, 16, 0.7)
    shallots(p, 220, 180, 60, 30, 14)
    herbs(p, 200, 182, 100, 54, 14)
    sambal(p, 330, 308, 32, "white")


def tongseng_kambing(p):
    bowl(p, "stone", ("#d98a3a", "#8a4412"))
    strew(p, beef, 196, 178, 78, 44, 7, 1.05)
    strew(p, cabbage, 190, 182, 84, 46, 4, 0.75)
    tomato_wedge(p, 252, 166, -20, 1)
    tomato_wedge(p, 148, 204, 30, 0.9)
    strew(p, chili, 206, 184, 70, 36, 3, 0.6)
    oil(p, 182, "#ffc878", 8)
    shallots(p, 196, 168, 60, 30, 12)


def sayur_asem(p):
    bowl(p, "celadon", ("#f2cf8a", "#c88d3e"))
    corn(p, 150, 166, 0, 1.1)
    corn(p, 196, 208, 0, 1)
    strew(p, bean, 226, 170, 60, 36, 7, 1)
    strew(p, potato, 262, 196, 26, 20, 3, 1.05, "#e2f0bc", "#98c46a")
    strew(p, emping, 190, 160, 60, 20, 2, 0.6)
    basil(p, 128, 204, 30, 0.8)
    nuts(p, 206, 184, 80, 46, 12)
    chili(p, 250, 148, 20, 0.65, "#6fbf4a", "#2f7a2b")
    oil(p, 182, "#fff0b8", 6)


def gurame_bakar(p):
    banana_leaf(p)
    fish(p, 200, 206, -8, 1.05, ("#c96f2c", "#7d370e", "#451a05"))
    p.sprinkle(196, 200, 90, 40, 20, ["#f6b45e"], 4, 4)
    sambal(p, 300, 292, 36)
    lime(p, 116, 288)
    cucumber(p, 160, 300)
    basil(p, 252, 300, 10, 0.9)


def gurame_goreng_terbang(p):
    oval(p, "green")
    p.add(P("M96 216Q80 96 176 84 200 140 210 190ZM310 216Q330 96 226 84 204 140 200 190Z", p.rad(*FRIED)))
    p.add(S("M118 188L170 108M142 196L186 120M290 188L232 108M264 196L216 120", FRIED[2], 6, 'opacity=".55"'))
    fish(p, 204, 226, 0, 0.86, FRIED, "#6a3608")
    p.sprinkle(196, 250, 90, 18, 26, ["#ffd24a", "#e03a26", "#6fbf4a"], 10, 5)
    lettuce(p, 76, 262, 0, 0.6)
    lime(p, 322, 258, 0, 0.8)


def nila_bakar(p):
    woven(p)
    liner(p, 136, 108, 210)
    fish(p, 200, 208, 10, 0.94, ("#b5702f", "#6a3210", "#371505"))
    ribbon(p, 120, 184, ((30, 24, 56, 4), (28, -18, 60, 10), (20, 14, 40, 4)), 6, "#2f1408")
    sambal(p, 128, 284, 32)
    cucumber(p, 262, 140)
    tomato(p, 292, 160, 0, 0.9)
    basil(p, 256, 292, 0, 0.8)


def pecel_lele(p):
    plate(p, "red")
    for y, a in ((170, -14), (214, -2)):
        catfish(p, 196, y, a, 0.95)
    sambal(p, 278, 258, 34)
    for x, y in ((112, 250), (138, 270)):
        cucumber(p, x, y)
    cabbage(p, 190, 276, 0, 0.9)
    basil(p, 226, 282, 20, 0.8)


@part
def catfish(p):
    """A fried catfish with its whiskers."""
    d = "M-118 0Q-114-34-70-34 20-30 96-10L132-26Q124 0 134 24L96 8Q20 30-70 32-114 30-118 0Z"
    whiskers = S("M-112 10q-24 6-32 26M-108 18q-14 12-14 28M-112-10q-24-6-34-24", "#5a3212", 4)
    return whiskers + P("M-40-32Q20-54 80-14Z", "#5f340f") + under(d, 4, 9) + P(d, p.rad("#c98a3e", "#7f4a18", "#4c280a")) + S("M-40-24q-12 24 0 48M-6-22q-10 22 0 44M28-18q-8 18 0 36M58-12q-6 12 0 24", "#3d1f08", 6, 'opacity=".6"') + S("M-80-22Q-20-26 40-10", "#fff", 5, 'opacity=".35"') + C(-92, -12, 6, "#f8edd0") + C(-93, -12, 3, "#1d0e06")


def pepes_ikan_mas(p):
    banana_leaf(p, 184, 134)
    d = "M70 214Q78 146 200 144T330 206Q324 274 200 276T70 214Z"
    p.add(under(d, 2, 6), P(d, "#3a7a2a"), P("M92 212Q98 164 200 162T308 206Q300 256 200 258T92 212Z", p.rad("#f6c94e", "#c98a1e")))
    fish(p, 196, 210, 0, 0.7, ("#f2b64a", "#c27f1e", "#8a5210"), "#8a5210")
    for x, y, a in ((150, 176, 10), (240, 238, 190), (262, 178, 60)):
        basil(p, x, y, a, 0.65)
    strew(p, tomato_wedge, 172, 240, 40, 8, 2, 0.7)
    chili(p, 226, 168, -10, 0.6)
    shallot(p, 204, 262)
    p.add(S("M48 170l30 30M46 256l34-24M352 160l-32 24M350 250l-32-24", "#d8b878", 7))


def udang_saus_padang(p):
    plate(p, "white")
    pool(p, 200, 208, 118, 84, *PADANG)
    for x, y, a in ((140, 176, -10), (222, 156, 40), (272, 206, 90), (218, 250, 170), (142, 240, 210), (202, 204, 20)):
        prawn(p, x, y, a, 0.95)
    p.sprinkle(200, 204, 100, 70, 24, ["#ffcf6e", "#fff2c4"], 5, 4)
    herbs(p, 200, 204, 100, 66, 16)
    parsley(p, 306, 272, 20, 0.8)


def udang_bakar_madu(p):
    board(p)
    liner(p, 148, 104, 206)
    for x, y, a in ((130, 180, -20), (220, 166, -10), (290, 200, 10), (170, 240, -16), (252, 248, 0)):
        prawn(p, x, y, a, 1.15)
        chars(p, x, y, a, 0.4)
    lime(p, 104, 278)
    lime(p, 320, 280, 30)
    p.sprinkle(200, 206, 110, 60, 16, ["#fff2c4", "#ffc85a"], 2, 5)


def cumi_goreng_tepung(p):
    board(p)
    lettuce(p, 116, 190, 0, 1.3)
    lettuce(p, 268, 240, 60, 1.3)
    for x, y in ((120, 190), (176, 168), (232, 176), (148, 232), (204, 222), (258, 228), (180, 268), (232, 266), (196, 196)):
        squid_ring(p, x, y, 0, 1.15)
    dip(p, 306, 146, ("#f2642e", "#b5280e"), 38)
    lime(p, 92, 282)


def kepiting_saus_padang(p):
    plate(p, "blue")
    pool(p, 200, 214, 122, 80, *PADANG)
    crab(p, 200, 222, 0, 1.02)
    p.sprinkle(200, 230, 100, 50, 24, ["#ffcf6e", "#7c120a"], 5, 4)
    herbs(p, 200, 250, 100, 34, 16)


def kerang_hijau_saus_tiram(p):
    pan(p)
    pool(p, 196, 210, 116, 86, "#c9762c", "#6d320c")
    for x, y in ((130, 176), (196, 156), (262, 182), (150, 232), (212, 222), (268, 240), (196, 272)):
        mussel(p, x, y, x, 1.1)
    herbs(p, 196, 210, 100, 70, 16)
    p.sprinkle(196, 210, 100, 70, 14, ["#fff2cf"], 4, 5)
    lime(p, 120, 264, 0, 0.85)
