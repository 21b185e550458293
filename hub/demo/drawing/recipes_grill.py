"""Chicken and duck, and sate."""

from .canvas import strew
from .garnish import *
from .meats import *
from .starch import *
from .vessels import *

PEANUT = ("#c98345", "#8a4a1c")
SOY = ("#5a3018", "#2a140a")
GOAT = ("#b5683a", "#6d3010", "#3d1605")
WHITE = ("#fff0cf", "#e9c888", "#b88a44")


def ayam_goreng_lengkuas(p):
    plate(p, "blue")
    drumstick(p, 176, 172, -14, 1.1)
    thigh(p, 236, 224, 16, 0.95)
    p.sprinkle(196, 176, 74, 40, 40, ["#ffd98a", "#c8862e", "#f3b85a"], 9, 4)
    p.sprinkle(220, 240, 76, 30, 26, ["#ffd98a", "#a8641a"], 9, 4)
    salad(p, 118, 242)


def ayam_geprek(p):
    cobek(p)
    crust(p, 196, 204, -10, 1.55)
    pool(p, 204, 188, 76, 40, "#ee4f2e", "#a81c10", 0.26)
    p.sprinkle(204, 188, 64, 32, 30, ["#ffd45e", "#ff8a5a", "#7c120a"], 3, 5)
    chili(p, 250, 160, -20, 0.75)
    chili(p, 170, 214, 30, 0.7, "#6fbf4a", "#2f7a2b")
    basil(p, 298, 250, 30, 0.9)
    basil(p, 284, 274, 70, 0.8)
    cucumber(p, 112, 258, 0, 1)


def ayam_penyet(p):
    cobek(p)
    pool(p, 206, 226, 106, 66, "#d93a22", "#93160c", 0.18)
    p.sprinkle(206, 232, 90, 50, 26, ["#ffd45e", "#ff8a5a"], 3, 5)
    drumstick(p, 190, 184, -18, 1.35)
    for x, y, a in ((106, 246, 10), (134, 268, 40)):
        cucumber(p, x, y, a, 1)
    tomato(p, 288, 252, 0, 0.95)
    basil(p, 264, 276, 20, 0.9)
    tempe(p, 276, 140, -30, 0.9)


def ayam_kremes(p):
    woven(p)
    liner(p, 130, 104, 210)
    drumstick(p, 178, 198, -20, 1.2)
    thigh(p, 236, 238, 10, 0.75)
    for spot in ((150, 170, 66, 40), (240, 214, 60, 50), (180, 258, 74, 26)):
        p.sprinkle(*spot, 20, ["#ffe08a", "#f0b040", "#c87f1e"], 5, 6)
    sambal(p, 282, 152, 34)
    cucumber(p, 116, 258)


def ayam_bakar_madu(p):
    plate(p, "white")
    liner(p, 126, 98)
    drumstick(p, 184, 192, -20, 1.3, GRILLED)
    chars(p, 170, 194, -10, 1.1)
    p.sprinkle(180, 186, 60, 30, 16, ["#fbe9b8"], 2, 4)
    sambal(p, 284, 232, 32)
    salad(p, 112, 246)


def ayam_bakar_taliwang(p):
    board(p)
    liner(p, 148, 104, 206)
    for x, y, a in ((146, 180, -30), (252, 180, 20), (198, 236, -8)):
        thigh(p, x, y, a, 0.95, RED)
        chars(p, x, y, a, 0.85)
    drumstick(p, 262, 258, 16, 0.75, RED)
    chili(p, 116, 264, -20, 0.9)
    lime(p, 156, 290, 0, 0.95)
    p.sprinkle(198, 196, 90, 50, 20, ["#ffb45e", "#7c120a"], 3, 4)


def ayam_betutu(p):
    banana_leaf(p)
    pool(p, 204, 216, 112, 66, "#e8a93a", "#a8661a")
    thigh(p, 168, 196, -20, 1, ("#f2b64a", "#c07a1e", "#7c4a10"))
    drumstick(p, 236, 216, 14, 1, ("#f2b64a", "#c07a1e", "#7c4a10"))
    p.sprinkle(200, 212, 100, 50, 30, ["#ffe08a", "#7c4a10", "#d84a2a"], 4, 5)
    lemongrass(p, 150, 262, -14, 0.8)
    basil(p, 276, 258, 20, 0.9)
    chili(p, 290, 168, 40, 0.8)
    shallot(p, 118, 172)
    shallot(p, 106, 192)


def ayam_rica_rica(p):
    plate(p, "white")
    pool(p, 200, 208, 116, 84, "#ee5a2a", "#a3220c")
    for x, y, a in ((144, 178, 0), (228, 164, 40), (180, 240, -20), (260, 228, 70)):
        thigh(p, x, y, a, 0.62, RED)
    p.sprinkle(200, 204, 100, 70, 40, ["#ffcf5e", "#d42a14", "#7c120a"], 4, 5)
    for x, y, a in ((200, 198, 10), (286, 182, 60), (116, 230, 140), (226, 270, 190)):
        basil(p, x, y, a, 0.8)
    chili(p, 160, 132, 20, 0.8)


def opor_ayam(p):
    bowl(p, "blue", ("#fbe6a0", "#dfb04e"))
    drumstick(p, 178, 166, -16, 0.95, PALE)
    half_egg(p, 262, 200, 10, 1.15)
    strew(p, potato, 146, 214, 34, 14, 3, 1)
    oil(p, 182, "#fff6cf", 10)
    shallots(p, 214, 178, 70, 40, 24)
    lemongrass(p, 236, 146, 24, 0.6)
    basil(p, 112, 186, 40, 0.7)


def bebek_goreng_kremes(p):
    board(p)
    liner(p, 150, 108, 206)
    thigh(p, 166, 196, -16, 1.15, ("#d98a3a", "#8f4d14", "#532606"))
    drumstick(p, 232, 226, 16, 1.05, ("#d98a3a", "#8f4d14", "#532606"))
    for spot in ((160, 168, 70, 36), (224, 200, 60, 34)):
        p.sprinkle(*spot, 24, ["#ffe08a", "#f0b040", "#c87f1e"], 5, 6)
    sambal(p, 296, 146, 36)
    cucumber(p, 112, 266)
    cucumber(p, 140, 282)
    basil(p, 306, 276, -30, 0.9)


def bebek_sambal_hitam_madura(p):
    plate(p, "green")
    rice(p, 128, 190, 60, 52, "white", 34)
    thigh(p, 220, 186, -10, 0.95, ("#d98a3a", "#8f4d14", "#532606"))
    drumstick(p, 234, 232, 18, 0.85, ("#d98a3a", "#8f4d14", "#532606"))
    pool(p, 214, 206, 70, 42, "#4a3018", "#1a0e06", 0.28)
    p.sprinkle(214, 206, 60, 34, 24, ["#8a5a2e", "#0f0804", "#c0803a"], 4, 5)
    cucumber(p, 122, 262)
    cucumber(p, 150, 276)
    chili(p, 290, 150, 40, 0.7)


def sate(p, count, tones=GRILLED, n=5, h=17, x=196, y=152, gap=27, turn=-14, place=None):
    """A fan of skewers."""
    for i in range(count):
        (place or skewer)(p, x + (i % 2) * 8, y + i * gap, turn + i * 5, 1.08, *(() if place else (tones, n, h)))


def sate_ayam_madura(p):
    banana_leaf(p)
    sate(p, 4)
    pool(p, 128, 226, 64, 44, *PEANUT)
    nuts(p, 128, 222, 48, 30, 16)
    ribbon(p, 82, 206, ((20, 20, 40, 4), (24, -18, 46, 8)), 6, "#2a140a")
    strew(p, lontong, 250, 290, 52, 12, 3, 0.95)
    strew(p, shallot, 186, 298, 20, 8, 3, 0.8)
    lime(p, 318, 250, 0, 0.9)


def sate_kambing(p):
    board(p)
    sate(p, 4, GOAT, 4, 20)
    dip(p, 102, 282, SOY, 42)
    chili_ring(p, 92, 280)
    chili_ring(p, 112, 286)
    strew(p, shallot, 176, 300, 26, 12, 4, 0.9)
    tomato(p, 300, 282)
    cabbage(p, 250, 296, 10, 0.9)


def sate_maranggi(p):
    banana_leaf(p)
    sate(p, 4, ("#a85a38", "#5e2410", "#371004"), 6, 15)
    strew(p, tomato_wedge, 110, 270, 30, 16, 3, 0.85)
    strew(p, shallot, 160, 286, 24, 10, 4, 0.85)
    strew(p, chili_ring, 130, 246, 30, 16, 5)
    strew(p, petai, 270, 290, 34, 8, 3, 0.9)


def sate_padang(p):
    banana_leaf(p)
    strew(p, lontong, 126, 250, 40, 26, 4, 1)
    sate(p, 4, ("#c08048", "#7d451a", "#4b2408"), 5, 16)
    pool(p, 162, 210, 44, 70, "#f2bb3c", "#c07a14", 0.2)
    p.sprinkle(162, 210, 34, 56, 10, ["#a85f10", "#ffdf8a"], 3, 4)
    shallots(p, 166, 204, 36, 50, 18)
    peyek(p, 298, 288, 20, 0.7)


def sate_lilit_bali(p):
    woven(p)
    liner(p, 132, 106, 210)
    sate(p, 5, y=142, gap=25, place=lilit, turn=-12)
    sambal(p, 120, 276, 34, "clay", ("#ef8a4a", "#b8451c"), "#8fce5a")
    lime(p, 172, 292, 0, 0.9)


def sate_taichan(p):
    plate(p, "white")
    sate(p, 4, WHITE, 5, 16)
    sambal(p, 132, 256, 40, "white", ("#ff5a38", "#c8200f"))
    lime(p, 196, 278)
    lime(p, 232, 282, 40)
    p.sprinkle(190, 190, 90, 50, 14, ["#e0381e"], 3, 4)


def sate_kulit_ayam(p):
    board(p)
    sate(p, 5, ("#f0a648", "#b5661c", "#7a3a0a"), 7, 12, y=140, gap=25)
    ribbon(p, 76, 176, ((30, 26, 60, 4), (30, -24, 64, 6), (24, 18, 50, 0)), 7, "#3a1c0c")
    dip(p, 104, 284, SOY, 40)
    chili(p, 186, 296, -10, 0.8)
    cucumber(p, 292, 290)


def sate_buntel(p):
    board(p)
    for i in range(3):
        skewer(p, 196, 148 + i * 54, -10 + i * 6, 1.1, ("#b8703a", "#6a3210", "#3d1605"), 1, 26)
        chars(p, 164, 150 + i * 54, -10, 1)
    dip(p, 292, 286, SOY, 36)
    strew(p, shallot, 110, 300, 24, 8, 3, 0.9)
    cabbage(p, 178, 298, 0, 0.8)


def sate_udang_madu(p):
    plate(p, "blue")
    liner(p, 128, 96)
    sate(p, 4, y=148, gap=32, place=prawn_skewer, turn=-10)
    dip(p, 112, 272, ("#ffb84a", "#c8701a"), 34)
    lime(p, 172, 288)
    p.sprinkle(190, 200, 90, 60, 16, ["#fff2c4"], 2, 4)


def sate_campur(p):
    woven(p)
    liner(p, 134, 106, 210)
    for i, tones in enumerate((GRILLED, GOAT, WHITE, GOAT, GRILLED)):
        skewer(p, 194 + i % 2 * 8, 138 + i * 25, -12 + i * 5, 1.05, tones, 4, 17)
    dip(p, 112, 280, PEANUT, 36, "clay")
    lontong(p, 226, 300, 0, 1)
