"""Vegetables and snacks."""

from .canvas import E, P, R, S, part, strew, under
from .garnish import *
from .meats import *
from .starch import *
from .vessels import *

PEANUT = ("#cf8d4c", "#93521f")


def gado_gado(p):
    plate(p, "clay")
    strew(p, cabbage, 150, 172, 40, 26, 3, 0.9)
    strew(p, bean, 250, 166, 44, 26, 4, 1.1)
    strew(p, lontong, 132, 236, 26, 24, 3, 0.95)
    strew(p, tofu, 262, 236, 30, 20, 2, 0.9)
    pool(p, 202, 206, 74, 50, *PEANUT)
    nuts(p, 202, 202, 58, 36, 18)
    half_egg(p, 172, 262, -10, 1.05)
    half_egg(p, 226, 268, 20, 1.05)
    cracker(p, 104, 150, 0, 0.85)
    cracker(p, 292, 148, 40, 0.75)


def karedok(p):
    cobek(p)
    p.zoom(200, 206, 1.28)
    strew(p, cabbage, 200, 206, 92, 62, 6, 0.95)
    strew(p, bean, 200, 204, 92, 64, 8, 0.9)
    strew(p, sprout, 200, 206, 90, 64, 7, 0.85)
    pool(p, 196, 196, 64, 40, *PEANUT, 0.24)
    nuts(p, 196, 194, 50, 28, 14)
    strew(p, basil, 200, 210, 90, 66, 3, 0.9)
    chili(p, 280, 262, -20, 0.8)


def cah_kangkung_terasi(p):
    oval(p, "white")
    p.add(P(p.blob(200, 210, 130, 76, 0.08), p.rad("#a8722c", "#5f3c10"), 'opacity=".8"'))
    strew(p, stem, 200, 206, 98, 52, 18, 1.05)
    strew(p, chili_ring, 200, 206, 90, 50, 9, 1.2)
    p.sprinkle(200, 206, 90, 50, 12, ["#fff2cf"], 5, 5)


def capcay_goreng(p):
    plate(p, "red")
    pool(p, 200, 208, 114, 80, "#e8c27a", "#b5843a")
    strew(p, cabbage, 190, 208, 80, 54, 4, 0.9)
    strew(p, carrot, 206, 210, 90, 60, 6, 0.95)
    for x, y in ((150, 176), (252, 236)):
        floret(p, x, y, 0, 1.25)
    for x, y in ((230, 164), (150, 244)):
        floret(p, x, y, 0, 1.2, "#6fb24c", "#2f6f2b", "#a9cf78")
    for x, y, a in ((280, 184, 60), (202, 262, 160)):
        prawn(p, x, y, a, 0.8)
    ball(p, 112, 206, 0, 0.7)
    ball(p, 206, 204, 0, 0.75)
    mushroom(p, 190, 140, 10, 1)


def urap_sayur(p):
    plate(p, "red")
    mound(p, 200, 206, 100, 74, "#8fbf5c", "#3f7d2c", 0.12)
    strew(p, stem, 200, 206, 66, 46, 6, 0.8)
    strew(p, bean, 190, 200, 80, 54, 8, 1)
    strew(p, sprout, 206, 206, 84, 58, 8, 1)
    p.sprinkle(200, 206, 88, 62, 40, ["#fff4dc", "#f2b070", "#e8864a"], 8, 5)
    chili(p, 286, 258, -30, 0.75)


def plecing_kangkung(p):
    plate(p, "clay")
    liner(p, 124, 94)
    for i in range(7):
        stem(p, 140 + i * 18, 180 + i % 3 * 22, -24 + i * 5, 1.15)
    pool(p, 206, 206, 64, 42, "#f0482a", "#a81c10", 0.22)
    p.sprinkle(206, 206, 52, 32, 18, ["#ffd45e", "#ff8a5a"], 3, 5)
    strew(p, sprout, 130, 254, 30, 14, 4, 0.8)
    nuts(p, 210, 214, 90, 56, 16)
    lime(p, 282, 262)


def tumis_toge_ikan_asin(p):
    plate(p, "celadon")
    strew(p, sprout, 200, 206, 104, 74, 26, 1.15)
    strew(p, potato, 200, 204, 84, 58, 7, 0.95, "#eccf96", "#a8783a")
    herbs(p, 200, 206, 100, 70, 20)
    strew(p, chili_ring, 200, 206, 90, 60, 7)
    strew(p, bean, 200, 206, 80, 54, 4, 0.7)


def sayur_lodeh(p):
    bowl(p, "white", ("#fdf0c4", "#e6c274"))
    strew(p, bean, 196, 180, 84, 44, 6, 1)
    strew(p, potato, 160, 176, 44, 30, 4, 1.1, "#e2f0bc", "#98c46a")
    eggplant(p, 246, 166, 20, 0.75)
    eggplant(p, 222, 208, -14, 0.7)
    tempe(p, 148, 212, 10, 0.75)
    chili(p, 272, 200, -40, 0.7)
    chili(p, 186, 148, 14, 0.65, "#6fbf4a", "#2f7a2b")
    oil(p, 182, "#f0a850", 9)


def terong_balado(p):
    oval(p, "blue")
    for x, y, a in ((126, 190, -30), (184, 176, -10), (250, 186, 14), (150, 244, 8), (222, 246, -8), (284, 236, 30)):
        eggplant(p, x, y, a, 1.1)
    pool(p, 202, 206, 74, 24, "#f0432a", "#a3160c", 0.3)
    p.sprinkle(202, 206, 110, 40, 26, ["#ffd45e", "#ff8a5a", "#7c120a"], 4, 5)


def lalapan_komplit(p):
    woven(p)
    liner(p, 134, 106, 210)
    lettuce(p, 130, 176, 0, 1.1)
    cabbage(p, 254, 162, 10, 1.35)
    for x, y in ((112, 246), (136, 270), (166, 286)):
        cucumber(p, x, y, 0, 1.05)
    for x, y in ((234, 286), (264, 274)):
        tomato(p, x, y)
    for i in range(4):
        bean(p, 286, 204 + i * 13, -8, 1.3)
    for x, y, a in ((166, 128, -70), (206, 126, -100)):
        basil(p, x, y, a, 0.95)
    sambal(p, 200, 212, 46)


def tempe_mendoan(p):
    woven(p)
    liner(p, 128, 100, 210)
    d = "M-52-36Q0-48 54-34 62 0 52 36 0 46-54 34-62 0-52-36Z"
    p.parts["mendoan"] = [under(d, 4, 8) + P(d, p.rad("#fbe1a0", "#e0aa4c")) + S("M-28-18h1M0-22h1M26-16h1M-34 4h1M-6 2h1M22 6h1M-18 22h1M12 24h1", "#c98f48", 11) + S("M-40-4l8-4M10-10l6-6M34-6l8 6M-8 14l8 4", "#4e9a33", 4), 0]
    for x, y, a in ((136, 176, -16), (250, 172, 12), (150, 244, 10), (258, 244, -12), (200, 208, 2)):
        p.put("mendoan", None, x, y, a, 1.05)
    dip(p, 316, 300, ("#5a3018", "#2a140a"), 36)
    chili(p, 118, 296, -10, 0.8, "#6fbf4a", "#2f7a2b")
    chili(p, 154, 302, -30, 0.8, "#6fbf4a", "#2f7a2b")


def tahu_isi(p):
    basket(p)
    for x, y, a in ((136, 176, -10), (264, 180, 10), (170, 124, 5), (236, 126, -8), (200, 184, 0)):
        tahu(p, x, y, a, 1.15)
    basket_front(p)
    for x, y, a in ((150, 330, -14), (196, 338, 6), (244, 330, -20)):
        chili(p, x, y, a, 0.9, "#7fc34e", "#2f7a2b")


@part
def tahu(p):
    """A fried tofu pocket with its filling."""
    d = "M-40-26Q0-36 40-26L46 34Q0 46-46 34Z"
    return under(d, 3, 6) + P(d, p.rad("#f8c866", "#c4822a", "#8f5514")) + S("M-28-26Q0-40 28-26", "#fff0cf", 9) + S("M-22-29l8-6M-4-32l6-5M14-30l8-4", "#f08a2a", 5) + S("M-12-33l6 4M8-34l6 4", "#4e9a33", 5) + S("M-26 2l6 4M4-4l7 3M-8 18l8 2M20 14l6-4", "#fff0b4", 4, 'opacity=".6"')


def bakwan_jagung(p):
    plate(p, "green")
    for x, y, a in ((136, 174, 0), (246, 170, 60), (128, 240, 120), (254, 244, 200), (192, 206, 30)):
        fritter(p, x, y, a, 1.12)
        p.sprinkle(x, y, 34, 24, 9, ["#ffe873"], 1, 9)
        p.sprinkle(x, y, 34, 24, 4, ["#4e9a33"], 5, 4)
    chili(p, 200, 282, 0, 0.8, "#7fc34e", "#2f7a2b")
    sambal(p, 310, 190, 28)


def pisang_goreng_keju(p):
    plate(p, "white")
    d = "M-74-6Q-40-38 10-30 60-22 76 12 60 30 30 14-10 4-44 22-70 20-74-6Z"
    p.parts["pisang"] = [under(d, 3, 8) + P(d, p.rad("#f9c95e", "#c9832a", "#925611")) + S("M-52-4q20-16 44-16M14-16l20 8M-30 6l10-4", "#fff0b4", 5, 'opacity=".6"'), 0]
    for x, y, a in ((160, 166, -8), (240, 184, 10), (152, 216, -4), (234, 236, 6), (176, 264, -10)):
        p.put("pisang", None, x, y, a, 1)
    ribbon(p, 100, 180, ((30, 40, 60, 6), (30, -34, 60, 6), (30, 40, 60, 10)), 7, "#fff6e0")
    p.sprinkle(196, 208, 84, 56, 40, ["#ffe25c", "#ffd02e", "#fff2a8"], 12, 4.5)


def singkong_goreng(p):
    basket(p)
    d = "M-60-16Q0-26 58-12L66 8Q30 0 8 8L60 18Q0 28-60 16-68 0-60-16Z"
    p.parts["singkong"] = [under(d, 3, 7) + P(d, p.rad("#fff0bf", "#e8b651", "#b97a20")) + S("M-50-4Q-20-8 12 2", "#a86f20", 4) + S("M-44-12Q0-18 40-8", "#fffbe8", 4), 0]
    for x, y, a in ((140, 186, -24), (256, 184, 20), (160, 144, -60), (240, 136, 64), (200, 160, -84), (200, 194, 4)):
        p.put("singkong", None, x, y, a, 1.1)
    basket_front(p)


def risoles_mayo(p):
    plate(p, "blue")
    liner(p, 120, 90)
    for x, y, a in ((148, 168, -20), (250, 176, 14), (142, 222, -6), (246, 232, 8)):
        toast(p, x, y, a, 1.2)
    dip(p, 200, 276, ("#fffdf0", "#f0e2b4"), 34)
    chili(p, 290, 278, -30, 0.7, "#7fc34e", "#2f7a2b")


def lumpia_semarang(p):
    board(p)
    liner(p, 150, 104, 206)
    for x, y, a in ((184, 158, -12), (204, 204, -6), (186, 250, -10)):
        roll(p, x, y, a, 1.25)
    dip(p, 302, 284, ("#a8602a", "#5c2c0c"), 38)
    for y in (150, 166, 182):
        scallion(p, 312, y, 0, 1.2)
    p.add(S("M296 132q10 24 4 60M306 130q6 30 2 66", "#6fb24c", 7))


def batagor_bandung(p):
    plate(p, "clay")
    for x, y in ((140, 176), (212, 160), (266, 206), (138, 240), (206, 256)):
        fritter(p, x, y, x, 0.85)
    tofu(p, 264, 252, 10, 1.1)
    pool(p, 196, 202, 78, 46, *PEANUT, 0.26)
    ribbon(p, 126, 190, ((26, 34, 52, 4), (26, -28, 52, 6), (20, 26, 40, 4)), 7, "#2a140a")
    nuts(p, 200, 202, 70, 40, 14)
    lime(p, 296, 160, 0, 0.95)


def siomay_bandung(p):
    plate(p, "red")
    for x, y in ((136, 174), (200, 158), (262, 178)):
        dumpling(p, x, y, 0, 1.15)
    p.add(P(p.blob(130, 238, 34, 24, 0.1), p.rad("#dcecae", "#8fbf5c")), S("M104 236q26-14 52 2M110 246q22-8 42 0", "#f4f9d8", 3))
    half_egg(p, 262, 246, 10, 1.2)
    strew(p, potato, 198, 256, 30, 12, 3, 1.1)
    pool(p, 198, 210, 82, 38, *PEANUT, 0.26)
    ribbon(p, 132, 200, ((24, 26, 48, 4), (24, -22, 46, 6), (20, 22, 40, 4)), 6, "#2a140a")
    lime(p, 304, 222, 0, 0.85)


def pempek_kapal_selam(p):
    bowl(p, "celadon", ("#6b3a1c", "#2f1608"))
    d = "M-84 4Q-70-44 0-46T84 4Q66 44 0 46T-84 4Z"
    p.add('<g transform="translate(194 170)rotate(-8)scale(1.08)">', under(d), P(d, p.rad("#fbe9b8", "#e0b05c", "#b98234")), P("M-50 4Q-40-22 4-24T56 2Q40 26 0 26T-50 4Z", "#fffaf0"), E(2, 1, 36, 18, p.rad("#ffd95e", "#f2a21c")), "</g>")
    noodles(p, 262, 212, 40, 18, ("#ffe894", "#f4c95a", "#cf962e"), 15, 5, False)
    cucumber(p, 134, 218, 0, 0.9)
    cucumber(p, 156, 230, 30, 0.9)
    p.sprinkle(206, 184, 90, 44, 14, ["#f2b48a", "#e0773a"], 4, 4)


def martabak_telur(p):
    board(p)
    d = "M-46-34H46V34H-46Z"
    p.parts["martabak"] = [under(d, 3, 9) + R(-48, -30, 96, 70, 8, "#8f5514") + R(-48, -38, 96, 68, 8, p.rad("#f6c45a", "#c47f24")) + R(-48, 30, 96, 12, 4, "#ffe9a8") + S("M-34 36h4M-10 37h4M14 36h4M34 37h3", "#4e9a33", 6) + S("M-22 36h3M4 37h3M26 36h2", "#8a4a1c", 6) + S("M-30-20q12-8 24 0M4 4q14-8 26 0M-34 12l10 4M16-22l14 4", "#96591a", 5, 'opacity=".6"'), 0]
    for x, y in ((104, 156), (206, 150), (108, 240), (210, 236)):
        p.put("martabak", None, x, y, -4, 1)
    dip(p, 312, 150, ("#6b3a1c", "#2f1608"), 36)
    strew(p, cucumber, 306, 254, 24, 20, 3, 0.85)
    strew(p, shallot, 304, 292, 24, 8, 3, 0.8)
    chili(p, 150, 304, -6, 0.75, "#7fc34e", "#2f7a2b")


def kerupuk_udang(p):
    basket(p)
    for x, y, a in ((120, 170, 10), (282, 176, 60), (156, 108, 130), (246, 104, 200), (200, 150, 30), (150, 190, 80), (250, 194, 150), (204, 74, 260)):
        cracker(p, x, y, a, 1.35, "#fff0dc", "#f3b58c")
    basket_front(p)
