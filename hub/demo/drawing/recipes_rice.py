"""Rice dishes and noodles."""

from .canvas import E, S, ring, strew
from .garnish import *
from .meats import *
from .starch import *
from .vessels import *


def nasi_goreng_kampung(p):
    plate(p, "green")
    rice(p, 190, 206, 108, 84, "fried", 40)
    fried_egg(p, 182, 186, 0, 1.15)
    salad(p, 294, 246)
    cracker(p, 98, 132, 20, 1.05)
    cracker(p, 146, 102, 80, 1.05)


def nasi_goreng_spesial(p):
    plate(p, "red")
    rice(p, 202, 210, 116, 86, "fried", 52)
    strew(p, shred, 210, 178, 50, 26, 6, 0.9)
    strew(p, ball, 148, 232, 46, 24, 3, 0.62)
    half_egg(p, 258, 232, -20, 1.2)
    half_egg(p, 284, 186, 20, 1.1)
    strew(p, carrot, 120, 172, 22, 20, 4, 0.8)
    herbs(p, 200, 206, 90, 60, 18)
    ring(p, cucumber, 206, 286, 50, 4, 3, 0.8)


def nasi_goreng_seafood(p):
    plate(p, "blue")
    rice(p, 200, 210, 116, 88, "fried", 52)
    for x, y, a in ((140, 176, -10), (228, 152, 40), (282, 220, 110), (186, 250, 190)):
        prawn(p, x, y, a, 0.88)
    for x, y in ((206, 200), (256, 182), (142, 232)):
        squid_ring(p, x, y, 0, 0.75, "#fff8ec", "#e2c9b0")
    herbs(p, 200, 206, 96, 66, 20)
    lime(p, 302, 274, 0, 1)


def nasi_goreng_kambing(p):
    plate(p, "white")
    rice(p, 200, 208, 118, 90, "brown", 52)
    strew(p, beef, 200, 198, 84, 54, 9, 1.05)
    strew(p, emping, 294, 268, 26, 18, 3, 1.1)
    tomato_wedge(p, 106, 270, 20, 1)
    strew(p, shallot, 118, 160, 30, 18, 4, 0.8)
    herbs(p, 200, 206, 90, 60, 14)


def nasi_goreng_pete_teri(p):
    plate(p, "celadon")
    rice(p, 200, 208, 118, 90, "fried", 52)
    strew(p, petai, 196, 200, 92, 62, 10, 1.25)
    strew(p, teri, 206, 200, 90, 60, 12, 1.15)
    chili_ring(p, 168, 178)
    chili_ring(p, 236, 226)
    chili(p, 290, 262, -24, 0.9)


def nasi_uduk_komplit(p):
    plate(p, "white")
    liner(p, 124, 96)
    rice(p, 168, 210, 72, 62, "gurih", 24)
    shallots(p, 168, 190, 34, 20, 9)
    thigh(p, 250, 158, -10, 0.8)
    noodles(p, 256, 236, 50, 32, ("#fdf3d2", "#e6cf94", "#c8a860"), 12, 4)
    strew(p, tempe, 164, 274, 40, 10, 3, 0.7)
    sambal(p, 96, 158, 30, "white", ("#e2683a", "#9a3012"))


def nasi_kuning_komplit(p):
    woven(p)
    liner(p, 132, 106, 210)
    cone = "M128 236Q176 92 200 84 224 92 272 236 200 276 128 236Z"
    p.add(under(cone, 4, 8), P(cone, p.hor("#ffe06a", "#f9c93a", "#d9951a")))
    p.sprinkle(200, 206, 46, 56, 44, ["#fff0a0", "#e2a21f"], 8, 5)
    p.add(P("M180 126Q196 84 200 80 206 84 220 126 200 138 180 126Z", "#4f8f33"))
    for x, y, a in ((114, 236, 0), (128, 258, 40), (104, 256, 80)):
        omelette(p, x, y, a, 1)
    strew(p, shred, 286, 214, 22, 26, 6, 0.8)
    strew(p, tempe, 276, 270, 26, 12, 3, 0.62)
    half_egg(p, 196, 290, 0, 1)
    chili(p, 110, 186, -40, 0.7)


def nasi_liwet_solo(p):
    plate(p, "clay")
    liner(p, 126, 98)
    rice(p, 180, 196, 84, 60, "gurih", 34)
    p.add(P(p.blob(186, 180, 44, 26, 0.2), "#fffdf4"))
    strew(p, shred, 252, 184, 34, 26, 8, 0.95)
    half_egg(p, 142, 258, 10, 1.2, "#e9c99c", "#f0a53a")
    strew(p, potato, 226, 262, 50, 20, 7, 0.9, "#d8ecb0", "#8ebf5c")
    chili(p, 286, 236, 70, 0.7)
    petai(p, 112, 206, 20, 1)


def nasi_gudeg_jogja(p):
    plate(p, "white")
    liner(p, 126, 98)
    rice(p, 148, 190, 64, 50, "white", 24)
    mound(p, 244, 186, 66, 48, "#a4622f", "#5d2f12", 0.16)
    p.sprinkle(244, 184, 58, 40, 34, ["#c4854a", "#7a431c", "#d79e62"], 12, 7)
    half_egg(p, 186, 262, -10, 1.35, "#b97b45", "#e79a2c")
    strew(p, beef, 258, 258, 36, 18, 4, 0.85, "#ef7a3a", "#a5300f")
    p.add(P(p.blob(222, 210, 34, 16, 0.25), "#fff3d8", 'opacity=".9"'))
    thigh(p, 112, 250, 30, 0.5, DARK)
    chili(p, 300, 222, 50, 0.6, "#6fbf4a", "#2f7a2b")


def nasi_bakar_ayam_kemangi(p):
    board(p)
    roll_d = "M64 250Q60 206 96 190L300 128Q340 124 346 162 346 190 318 204L116 286Q76 292 64 250Z"
    p.add(under(roll_d, 4, 12), P(roll_d, p.rad("#8fbf4f", "#4c8a30", "#2c5f22")))
    p.add(S("M84 226L330 148M90 250L334 176", "#2c5f22", 3, 'opacity=".6"'), S("M110 200l26 66M160 184l22 70M220 166l20 66M276 148l18 62", "#241a0a", 9, 'opacity=".55"'))
    p.add(P("M132 226Q190 164 270 176 262 222 168 254 140 254 132 226Z", "#2c5f22"), P("M140 226Q194 176 260 184 250 216 168 246 146 246 140 226Z", "#fff4d6"))
    p.sprinkle(200, 212, 48, 22, 24, ["#ffffff", "#e6d6ae"], 8, 4)
    strew(p, shred, 204, 208, 34, 14, 5, 0.8, "#f3b25a", "#b8701f")
    basil(p, 186, 204, -30, 0.7)
    basil(p, 232, 196, 20, 0.6)
    sambal(p, 300, 276, 38)
    cucumber(p, 110, 124, 0, 1)
    tomato(p, 150, 112, 0, 0.9)


def nasi_pecel_madiun(p):
    woven(p)
    liner(p, 132, 104, 210)
    rice(p, 146, 196, 60, 50, "white", 34)
    strew(p, stem, 240, 180, 44, 30, 6, 0.8)
    strew(p, sprout, 250, 246, 46, 22, 7, 1)
    pool(p, 222, 216, 58, 36, "#c98345", "#8a4a1c")
    nuts(p, 222, 212, 44, 26, 14)
    peyek(p, 116, 262, -20, 1.05)
    peyek(p, 296, 286, 30, 0.8)


def nasi_putih(p):
    plate(p, "blue")
    rice(p, 200, 200, 110, 84, "white", 84)
    herbs(p, 200, 186, 12, 8, 4)


def mie_goreng_jawa(p):
    plate(p, "clay")
    noodles(p, 200, 206, 118, 88, ("#e8a848", "#c07a24", "#864c12"), 27, 8)
    strew(p, cabbage, 206, 204, 84, 56, 4, 0.75)
    strew(p, shred, 200, 196, 60, 40, 4, 0.9)
    cucumber(p, 290, 268)
    tomato_wedge(p, 104, 270, 24)
    shallots(p, 200, 196, 70, 44, 15)
    cracker(p, 98, 138, 20, 1)


def mie_godog_jawa(p):
    bowl(p, "clay", ("#f3c873", "#bd7d26"))
    noodles(p, 200, 180, 112, 64, ("#ffe08a", "#eab44a", "#c48a2a"), 30, 7, False)
    strew(p, cabbage, 196, 176, 76, 40, 5, 0.75)
    strew(p, shred, 220, 178, 50, 26, 5, 0.9)
    half_egg(p, 150, 170, -10, 1.1)
    tomato_wedge(p, 262, 196, -20, 0.9)
    herbs(p, 200, 182, 90, 50, 16)
    shallots(p, 220, 150, 34, 16, 10)
    steam(p, 200, 62)


def mie_ayam_jamur(p):
    bowl(p, "red", ("#f6dc9a", "#d2a146"))
    noodles(p, 200, 182, 116, 70, ("#ffe894", "#f4c95a", "#cf962e"), 34, 7, False)
    mound(p, 222, 164, 58, 36, "#a8642e", "#69350f", 0.16)
    strew(p, potato, 222, 160, 42, 22, 7, 0.7, "#d39254", "#8a4c1c")
    strew(p, mushroom, 176, 156, 30, 20, 4, 0.9)
    for x, y, a in ((128, 200, 20), (150, 222, 50), (120, 176, -10)):
        stem(p, x, y, a, 0.8)
    herbs(p, 214, 200, 60, 30, 12)


def mie_ayam_bakso(p):
    bowl(p, "blue", ("#f6dc9a", "#d2a146"))
    noodles(p, 200, 182, 116, 70, ("#ffe894", "#f4c95a", "#cf962e"), 34, 7, False)
    mound(p, 152, 164, 46, 30, "#a8642e", "#69350f", 0.16)
    strew(p, potato, 152, 160, 32, 16, 5, 0.7, "#d39254", "#8a4c1c")
    for x, y in ((232, 152), (280, 182), (228, 206)):
        ball(p, x, y, 0, 0.95)
    stem(p, 136, 216, 30, 0.8)
    stem(p, 162, 228, 10, 0.7)
    herbs(p, 206, 190, 70, 40, 12)


def mie_aceh_goreng(p):
    plate(p, "white")
    noodles(p, 200, 206, 116, 88, ("#e8853a", "#c2561c", "#8a3208"), 32, 9)
    strew(p, beef, 196, 196, 72, 46, 6, 0.95)
    strew(p, sprout, 200, 210, 80, 50, 6, 0.7)
    for x, y in ((96, 150), (128, 122), (92, 186)):
        emping(p, x, y, 10, 1.3)
    strew(p, shallot, 290, 258, 22, 16, 4, 0.9)
    lime(p, 302, 166, 0, 0.95)


def mie_aceh_kuah_udang(p):
    bowl(p, "white", ("#ee9340", "#b14f12"))
    noodles(p, 200, 184, 108, 62, ("#ffcf7a", "#f0a546", "#d67c24"), 26, 9, False)
    for x, y, a in ((150, 160, -20), (246, 156, 60), (200, 206, 170)):
        prawn(p, x, y, a, 1.02)
    oil(p, 182, "#ffd08a", 10)
    herbs(p, 204, 180, 90, 50, 14)
    lime(p, 292, 206, 0, 0.85)
    steam(p, 190, 62)


def mie_kocok_bandung(p):
    bowl(p, "green", ("#f7e3b0", "#d3ab62"))
    noodles(p, 196, 184, 110, 64, ("#fff0b4", "#f2d27a", "#d6a84a"), 24, 11, False)
    strew(p, sprout, 150, 172, 46, 30, 8, 0.9)
    strew(p, potato, 244, 176, 44, 30, 7, 1.1, "#f8e6c4", "#cfa06a")
    herbs(p, 200, 182, 92, 50, 18)
    shallots(p, 206, 150, 44, 16, 14)
    lime(p, 196, 216, 0, 0.85)
    oil(p, 184, "#fff6cf", 8)


def bihun_goreng_ayam(p):
    plate(p, "celadon")
    noodles(p, 200, 206, 116, 88, ("#fbf0d0", "#ecd6a0", "#c9a866"), 39, 4.5)
    strew(p, carrot, 200, 200, 84, 54, 5, 0.8)
    strew(p, shred, 204, 200, 70, 46, 5, 0.9, "#f7dfae", "#c8924a")
    strew(p, bean, 196, 206, 80, 54, 4, 0.7)
    strew(p, omelette, 206, 190, 56, 34, 4, 0.8)
    chili(p, 294, 254, -30, 0.8)


def kwetiau_goreng_sapi(p):
    plate(p, "stone")
    noodles(p, 200, 206, 114, 84, ("#e9bb7c", "#c68a44", "#8c5420"), 30, 15)
    strew(p, beef, 200, 196, 78, 48, 8, 1)
    strew(p, sprout, 200, 206, 84, 54, 8, 0.85)
    strew(p, bean, 196, 206, 84, 54, 6, 0.7)
    herbs(p, 200, 204, 90, 60, 12)


def kwetiau_siram_seafood(p):
    plate(p, "blue")
    noodles(p, 200, 208, 118, 90, ("#f7e2b6", "#dfb878", "#a8722f"), 26, 15)
    pool(p, 206, 204, 84, 58, "#f0c37a", "#c98d3c")
    for x, y, a in ((156, 180, -10), (248, 172, 50), (210, 244, 170)):
        prawn(p, x, y, a, 0.85)
    for x, y in ((204, 202), (266, 226), (146, 228)):
        squid_ring(p, x, y, 0, 0.75, "#fff8ec", "#e2c9b0")
    floret(p, 226, 150, 0, 1, "#6fb24c", "#2f6f2b", "#a9cf78")
    floret(p, 120, 200, 0, 0.9, "#6fb24c", "#2f6f2b", "#a9cf78")
    strew(p, carrot, 180, 222, 50, 26, 3, 0.8)
