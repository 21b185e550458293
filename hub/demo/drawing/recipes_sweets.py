"""Iced desserts and cakes."""

from .canvas import C, E, P, R, S, part, ring, strew, under
from .drinks import *
from .garnish import *
from .starch import *
from .vessels import *


@part
def banana(p):
    """A slice of banana."""
    return E(2, 5, 20, 17, "#3a1704", 'opacity=".2"') + E(0, 0, 20, 17, "#e9c25a") + E(0, 0, 17, 14, p.rad("#fffbe0", "#f3dfa0")) + S("M-3-2h1M3 2h1M3-4h1", "#b98a4a", 3)


@part
def avocado(p):
    """A scoop of avocado."""
    d = p.blob(0, 0, 24, 17, 0.14, 8)
    return under(d, 2, 4) + P(d, p.rad("#eef2a0", "#a9c95a")) + S("M-16 8Q0 16 16 8", "#6f9a34", 4)


@part
def jackfruit(p):
    """A strip of jackfruit."""
    d = "M-28-6Q0-20 28-8 34 4 24 12 0 2-24 12-34 4-28-6Z"
    return under(d, 2, 4) + P(d, p.rad("#ffe06a", "#efac1e")) + S("M-18-4Q0-12 18-5", "#fff3b4", 3)


@part
def jelly(p, light="#4a4a44", deep="#1c1c1a"):
    """A cube of jelly."""
    return R(-13, -9, 28, 24, 5, "#3a1704", 'opacity=".2"') + R(-15, -13, 30, 26, 5, p.rad(light, deep)) + S("M-8-6h9", "#fff", 4, 'opacity=".6"')


@part
def coconut(p):
    """A ribbon of young coconut."""
    d = "M-26-4Q-6-18 14-8 30-2 24 10 6 0-8 8-24 12-26-4Z"
    return under(d, 2, 4) + P(d, "#ffffff", 'stroke="#dfe3dc" stroke-width="2"')


def es_cendol(p):
    glass(p, "#fff4dc", "#f0dcb4", "#d9a868", "#8a4a1c", "#5a2a0c")
    p.sprinkle(200, 226, 52, 60, 40, ["#6fbf3f", "#4f9a2f", "#8fd85a"], 16, 10)
    ice(p, 3, 126)
    p.add(S("M130 130q20 60-2 120M262 140q-22 50 0 110", "#7a3f14", 13, 'opacity=".75"'))
    rim(p, "#4f9a3f")


def es_campur(p):
    tumbler_bowl(p)
    shaved(p, 200, 136, 112, 78, "#f0405a")
    strew(p, jelly, 130, 182, 40, 16, 4, 1)
    strew(p, coconut, 262, 176, 40, 16, 4, 1)
    avocado(p, 200, 190, 0, 1.1)
    jackfruit(p, 246, 204, 10, 1)
    jelly(p, 160, 206, 0, 1, "#ff8a9a", "#d8304a")
    p.add(S("M150 92q20 14 44 2t44 8", "#fff6e6", 8))
    bowl_front(p, "#ffdfe4", "#f9a4b2", "#f06a82")


def es_teler(p):
    tumbler_bowl(p)
    shaved(p, 200, 150, 112, 62)
    strew(p, avocado, 140, 164, 40, 26, 4, 1.15)
    strew(p, jackfruit, 252, 156, 42, 26, 4, 1.1)
    strew(p, coconut, 200, 186, 60, 18, 5, 1.05)
    strew(p, avocado, 204, 116, 20, 8, 2, 1)
    p.add(S("M120 120q30 26 60 6t50 8 50 4", "#fffbe8", 9))
    bowl_front(p, "#fffdf2", "#f6efd8", "#e4d6b0")


def es_doger(p):
    glass(p, "#ffd6de", "#fbb0c0", "#f58aa2", wide=96, narrow=70, top=100, fill=140)
    shaved(p, 200, 106, 76, 52, "#f78aa4")
    p.sprinkle(200, 250, 56, 60, 30, ["#3a1a3a", "#5a2a52"], 4, 7)
    p.sprinkle(200, 220, 56, 50, 18, ["#fff6dc"], 7, 9)
    p.sprinkle(200, 102, 50, 30, 18, ["#3a1a3a", "#fffdf0"], 4, 7)
    rim(p)
    p.add(S("M176 76q20 16 46 2", "#fff", 7))


def es_pisang_ijo(p):
    plate(p, "white")
    pool(p, 200, 210, 112, 80, "#fffdf4", "#eadfc6")
    d = "M-78 4Q-66-34 0-36T78 4Q60 36 0 36T-78 4Z"
    p.add('<g transform="translate(198 194)rotate(-12)">', under(d), P(d, p.rad("#a4d86a", "#5aa23a", "#3a7a26")), "</g>")
    for x, y in ((128, 222), (168, 214), (210, 206), (252, 196)):
        p.add(E(x + 2, y + 5, 20, 30, "#3a1704", 'opacity=".15"'), E(x, y, 20, 31, "#5aa23a"), E(x, y, 14, 23, p.rad("#fffbe0", "#f3d98a")))
    cube(p, 146, 262, 10, 0.8)
    cube(p, 262, 248, -16, 0.8)
    p.add(S("M120 156q30 20 60-4t70 4 30 10", "#e8304a", 11), S("M130 270q40 16 80 2t70-10", "#e8304a", 9))


def kolak_pisang(p):
    bowl(p, "green", ("#d9a468", "#96602c"))
    strew(p, banana, 164, 172, 54, 36, 5, 1.15)
    strew(p, potato, 246, 190, 40, 30, 5, 1.2, "#ffb45a", "#d9772a")
    strew(p, jelly, 210, 150, 30, 10, 2, 0.8, "#fffdf0", "#dcceb0")
    p.add(S("M130 196q40 24 80 4t70 6", "#fff3dc", 9, 'opacity=".7"'))
    basil(p, 274, 150, -30, 1, "#5aa23a", "#2f7a2b")
    steam(p, 190, 62)


def bubur_sumsum(p):
    bowl(p, "blue", ("#ffffff", "#efe9dc"))
    pool(p, 206, 184, 80, 46, "#a8602a", "#5c2c0c", 0.22)
    p.add(P(p.blob(200, 176, 40, 20, 0.2), "#fffdf8"))
    for x, y in ((150, 186), (250, 196), (228, 154), (176, 212)):
        rice_ball(p, x, y)
    basil(p, 128, 156, -30, 1.1, "#5aa23a", "#2f7a2b")
    steam(p, 200, 62)


def rice_ball(p, x, y):
    """A little rice ball."""
    p.add(C(x, y, 14, p.rad("#fff6e0", "#d9b88a")))


@part
def klepon_ball(p):
    """A green rice ball in grated coconut."""
    d = "m-24-20 6 6m16-14-4 8m24-2-8 4m18 16-8-2m-2 20-4-8m-16 14 2-8m-20 0 6-6m-14-14h8m14-8 6 2m8 14-6 2m-18 2 4 6m26-18 4-6"
    return E(4, 12, 42, 36, "#3a1704", 'opacity=".25"') + C(0, 0, 40, p.rad("#a4dc6a", "#5aa23a", "#34731f")) + S(d, "#ffffff", 5) + S(d, "#fffdf0", 5, 'transform="rotate(140)"')


def klepon(p):
    plate(p, "clay")
    mound(p, 200, 206, 112, 80, "#f6dfae", "#d9b070", 0.04)
    for x, y in ((138, 164), (206, 152), (268, 176), (148, 236), (218, 226)):
        klepon_ball(p, x, y, x, 0.94)
    d = "M232 262Q230 222 272 222T312 262Q306 292 272 292T232 262Z"
    p.add(P(d, p.rad("#a4dc6a", "#5aa23a", "#34731f")), E(270, 262, 25, 22, "#d8f0a8"), E(272, 264, 17, 15, p.rad("#a8602a", "#5a2a0c")), S("M274 280q4 16 20 20", "#6b3210", 9))
    p.sprinkle(196, 260, 90, 30, 20, ["#ffffff"], 8, 4)


def dadar_gulung(p):
    plate(p, "red")
    for x, y, a in ((188, 152, -10), (206, 206, -4), (186, 258, -8)):
        pandan_roll(p, x, y, a, 1.05)
    p.sprinkle(276, 216, 16, 60, 20, ["#c07a3a", "#8a4a1c"], 7, 4)


@part
def pandan_roll(p):
    """A pandan pancake rolled around sweet coconut."""
    d = "M-84-22Q0-32 84-22 98 0 84 24 0 32-84 24-98 0-84-22Z"
    return under(d, 4, 9) + P(d, p.lin("#b4e07a", "#6fb544", "#3f8a2c")) + E(82, 1, 14, 23, "#3f8a2c") + E(82, 1, 11, 19, "#c8ea9a") + E(82, 2, 8, 14, p.rad("#c07a3a", "#6b3512")) + S("M-70-12Q0-20 64-12", "#f0fbd4", 5, 'opacity=".8"') + S("M-56 6h4M-20 0h4M10 10h4M40 2h4M-36 16h4", "#3f8a2c", 5, 'opacity=".5"')


def kue_lapis_legit(p):
    plate(p, "blue")
    for x, y in ((146, 176), (242, 214)):
        slice_of_layers(p, x, y)
    star(p, 130, 282)
    p.add(S("M196 290L262 274", "#8a4a20", 12), S("M196 287L262 271", "#c07a42", 4))


def slice_of_layers(p, x, y):
    """A block of thousand-layer cake."""
    front = "".join(f"M-58 {12 + i * 9}L0 {42 + i * 9}L58 {12 + i * 9}" for i in range(7))
    p.add(f'<g transform="translate({x} {y})">', P("M-54 16L4 46 66 10V80L4 112-54 80Z", "#3a1704", 'opacity=".25" transform="translate(6 8)"'), P("M-60 4L0 36V104L-60 72Z", "#f2c766"), P("M60 4L0 36V104L60 72Z", "#dca546"), S(front, "#a8621e", 4.5), P("M-60 4L0-28 60 4 0 36Z", p.rad("#c07a34", "#8a4a18")), S("M-30 2L0-14M-4 18L30 0", "#e8b46a", 4, 'opacity=".6"'), "</g>")


def es_krim_kelapa(p):
    shadow(p, 206, 340, 134, 26)
    p.add(P("M58 210Q64 330 200 336T342 210Z", p.hor("#5a3418", "#95602f", "#4a260f")), S("M84 240Q100 300 150 320M120 236Q136 290 176 318M316 240Q300 300 252 320M278 236Q264 290 226 318", "#3a1c0a", 4, 'opacity=".6"'))
    p.add(E(200, 208, 144, 62, "#6b3f1c"), E(200, 206, 132, 54, "#ffffff"), E(200, 210, 112, 42, "#e6e0d2"))
    for x, y, r, tones in ((146, 166, 58, ("#ffffff", "#f0e8d8", "#d9ccb4")), (250, 164, 58, ("#ffffff", "#f0e8d8", "#d9ccb4")), (200, 118, 60, ("#fffdf4", "#f6edd8", "#ddcfb2"))):
        d = p.blob(x, y, r, r * 0.92, 0.05, 12)
        p.add(under(d, 3, 7, 0.15), P(d, p.rad(*tones)))
    p.sprinkle(200, 130, 66, 56, 26, ["#c98f48", "#8a5a26"], 5, 6)
    jackfruit(p, 138, 196, -10, 1.2)
    jackfruit(p, 262, 200, 14, 1.2)
    p.add(P("M244 96L290 22 308 34 268 112Z", "#e6b464"), S("M254 92L294 34M262 102L302 40", "#b5803a", 3), C(186, 66, 15, p.rad("#ff5a5a", "#b5121e")), S("M186 52q4-18 18-22", "#4f8f3a", 4))
