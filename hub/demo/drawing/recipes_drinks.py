"""Cold drinks, and hot drinks."""

from .canvas import C, E, P, R, S, SHADE, strew, under
from .drinks import *
from .garnish import *
from .vessels import *

TEA = ("#d9822f", "#b85f1c", "#8f3f10")


def es_teh_manis(p):
    glass(p, *TEA)
    ice(p, 5)
    p.add(E(200, 330, 54, 12, "#6f2d08", 'opacity=".5"'))
    drops(p)
    rim(p, "#e8553a")


def es_teh_tawar(p):
    glass(p, "#f0b95e", "#d98f34", "#c0702a", wide=92, narrow=74, top=96, fill=134)
    ice(p, 5, 152)
    drops(p)
    rim(p)
    mint(p, 150, 130)


def es_jeruk(p):
    glass(p, "#ffcf4a", "#ffb02e", "#f28f16")
    ice(p, 4)
    p.sprinkle(200, 250, 50, 70, 26, ["#ffe79a"], 8, 3, 0.8)
    drops(p)
    rim(p, "#4fa047")
    citrus(p, 112, 92, 48, "#f28f16", "#ffb52e", 12)


def es_lemon_tea(p):
    glass(p, "#f0a63a", "#cc7420", "#94450f")
    ice(p, 4)
    citrus(p, 200, 246, 42, "#f2d027", "#fbe766", 10)
    drops(p)
    rim(p, "#f2d027")
    citrus(p, 112, 90, 44, "#f2d027", "#fbe766", 20)
    mint(p, 160, 92)


def es_kelapa_muda(p):
    shadow(p, 206, 344, 130, 26)
    d = "M62 196Q58 318 132 344T268 344 342 196Z"
    p.add(P(d, p.hor("#6fae3c", "#a9d768", "#4f8a2a")), S("M100 210Q104 300 140 336M300 210Q300 300 262 340", "#3f7a22", 5, 'opacity=".5"'))
    p.add(E(200, 190, 142, 78, p.rad("#fbf6df", "#d8c897")), E(200, 188, 104, 54, "#c9a86a"), E(200, 190, 100, 51, "#fffdf4"), E(200, 196, 84, 38, p.rad("#f2f7ee", "#cddccf")))
    p.add(P("M132 190Q150 168 178 184 168 206 140 206ZM214 212Q240 188 268 196 262 218 232 222ZM186 176q24-12 44 0-14 16-36 12Z", "#fff", 'stroke="#dfe6d6" stroke-width="3"'))
    cube(p, 224, 186, 20, 0.75)
    cube(p, 172, 206, -20, 0.7)
    p.add(S("M214 196L268 66l40-18", "#e8553a", 12), S("M212 194L264 68", "#fff", 3, 'opacity=".6"'), S("M96 188Q82 120 108 84", "#9a9aa0", 9), E(110, 76, 16, 24, "#c7c9cf", 'transform="rotate(20 110 76)"'))
    mint(p, 132, 150)


def es_kopi_susu_gula_aren(p):
    glass(p, "#6b3d20", "#8f5a34", "#d9b48a", "#f3e2c8", "#a8642e", "#5a2a0c")
    ice(p, 4)
    p.add(S("M136 200Q160 250 146 310M262 190Q240 240 256 300", "#5a2a0c", 12, 'opacity=".6"'))
    drops(p)
    rim(p, "#2f2420")


def es_timun_serut(p):
    glass(p, "#e4f3b8", "#c6e38e", "#9acb62")
    ice(p, 3)
    p.sprinkle(200, 230, 52, 86, 46, ["#f6fde0", "#6fae3c", "#4f8f3a"], 18, 4)
    p.sprinkle(200, 250, 50, 80, 22, ["#2a2f24"], 1, 5)
    rim(p, "#4fa047")
    cucumber(p, 112, 92, 0, 1.8)
    lime(p, 160, 74, 10, 1.1)


def juice(p, *liquid, straw="#e8553a"):
    """A footed glass of thick juice."""
    shadow(p, 206, 358, 78, 16)
    p.add(E(200, 352, 66, 14, "#fff", 'opacity=".8"'), R(190, 300, 20, 50, 6, "#fff", 'opacity=".8"'))
    p.add(P("M110 74Q112 240 146 290T254 290 290 74Z", "#fff", 'opacity=".45"'), P("M118 104Q122 236 152 280T248 280 282 104Z", p.lin(*liquid)))
    p.add(E(200, 104, 82, 17, liquid[0]), E(200, 104, 82, 17, "#fff", 'opacity=".35"'))
    p.glass = (74, 90, 60, 330, 104)
    drops(p, 200, 210, 50, 66, 10)
    p.add(S("M132 120Q134 210 156 262", "#fff", 11, 'opacity=".55"'), E(200, 74, 90, 18, "none", 'stroke="#fff" stroke-width="5" opacity=".85"'))
    p.add(S("M226 98L252 30l34-12", straw, 11))


def jus_alpukat(p):
    juice(p, "#c6dc8a", "#a9c964", "#8fb548")
    p.add(S("M140 126q-8 50 16 90t-2 50M182 124q10 50-8 80t14 70M252 124q10 60-12 90t6 50", "#4a240e", 11, 'opacity=".85"'))
    p.add(P("M60 330Q40 268 86 244 132 262 130 318 108 356 60 330Z", "#3f6b2a"), P("M68 324Q54 272 86 254 120 268 120 314 102 342 68 324Z", p.rad("#f4f2b0", "#b9d268")), C(94, 306, 18, p.rad("#a8672e", "#5a2f10")))


def jus_mangga(p):
    juice(p, "#ffd24a", "#ffb626", "#f59a12", straw="#4fa047")
    p.add(P("M48 316Q52 262 106 256 150 266 140 310 118 352 72 344 50 336 48 316Z", p.rad("#ffd84a", "#f59a1c", "#d8552a")), P("M106 256q14-26 40-24-8 24-40 24Z", "#4fa047"))
    p.add(R(150, 118, 26, 24, 5, "#ffe27a"), R(206, 112, 26, 24, 5, "#ffe27a"), R(182, 128, 24, 22, 5, "#fff0a8"))


def jus_jambu(p):
    juice(p, "#f79aa0", "#f0737e", "#dd5564")
    p.add(C(94, 304, 46, p.rad("#d5e58a", "#8fbf4a")), E(112, 312, 40, 42, "#bcd86a"), E(114, 312, 34, 36, p.rad("#ff9aa0", "#e85a6a")))
    p.sprinkle(114, 312, 18, 20, 14, ["#fff0d2"], 2, 5)


def jus_semangka(p):
    juice(p, "#ff7a6e", "#f4544c", "#dc3a3a", straw="#4fa047")
    p.add(P("M30 258H160Q156 346 95 348 34 346 30 258Z", "#3f8a34"), P("M38 258H152Q148 334 95 336 42 334 38 258Z", "#e9f5c4"), P("M46 258H144Q140 324 95 326 50 324 46 258Z", p.rad("#ff7a6a", "#e8413e")), S("M68 278l2 6M94 274v7M120 280l-2 6M80 300l2 6M108 300l-2 6", "#2a1512", 6))


def soda_gembira(p):
    glass(p, "#ffd9dc", "#ff9aa8", "#f25a70", "#d8263e")
    ice(p, 4)
    for x, y in p.scatter(200, 240, 50, 90, 22):
        p.add(C(x, y, p.rng.randrange(3, 7), "none", 'stroke="#fff" stroke-width="2" opacity=".8"'))
    p.add(E(200, 112, 72, 14, "#fff", 'opacity=".8"'))
    rim(p, "#fff")
    p.add(C(150, 66, 20, p.rad("#ff5a5a", "#b5121e")), S("M150 48Q160 20 184 18", "#4f8f3a", 5))


def air_mineral_600_ml(p):
    bottle(p, ("#bfe3f2", "#effaff", "#9ccfe6"), ("#3f9bd0", "#2672a8"), P("M138 274q31-30 62-8t62-14v54H138Z", "#8fd0f0") + P("M200 224q24 28 24 42a24 24 0 0 1-48 0q0-14 24-42Z", "#fff"), "#2f86c0", 22)
    p.add(S("M140 326H260M142 342H258", "#7fbfdc", 4, 'opacity=".7"'))
    drops(p, 200, 170, 40, 34, 8)


def teh_botol_melati_350_ml(p):
    flower = "".join(E(0, -15, 8, 13, "#fff", f'transform="translate(200 256)rotate({a})"') for a in (0, 72, 144, 216, 288)) + C(200, 256, 7, "#f5c83a")
    bottle(p, ("#7c3410", "#c4702c", "#642606"), ("#4f9a3f", "#357a2c"), R(138, 220, 124, 5, 0, "#f5d24a") + R(138, 295, 124, 5, 0, "#f5d24a") + flower, "#d8432a", 24)
    drops(p, 200, 180, 40, 24, 8)


def kola_kaleng_330_ml(p):
    shadow(p, 206, 356, 88, 18)
    p.add(P("M112 96L126 74H274L288 96V332L272 356H128L112 332Z", p.hor("#8f1016", "#e8323a", "#ff6a62", "#d01f28", "#7c0a10")))
    p.add(E(200, 74, 74, 17, "#c9ccd2"), E(200, 72, 66, 13, p.rad("#f4f5f7", "#a4a8b0")), E(208, 70, 24, 6, "#8a8e96"), S("M112 96Q200 124 288 96", "#fff", 4, 'opacity=".5"'), P("M128 356L112 332Q200 360 288 332L272 356Q200 374 128 356Z", "#b5b9c0"))
    p.add(P("M112 236Q156 176 204 214T288 190V232Q248 244 204 256T112 280Z", "#fff"))
    for x, y in p.scatter(200, 160, 60, 30, 9):
        p.add(C(x, y, p.rng.randrange(4, 9), "#fff", 'opacity=".35"'))
    drops(p, 200, 300, 66, 24, 12)
    p.add(S("M136 116V320", "#fff", 10, 'opacity=".4"'))


def susu_kotak_cokelat_200_ml(p):
    shadow(p, 212, 354, 108, 18)
    p.add(P("M118 112H238V352H118Z", p.hor("#7a4220", "#a8683a")), P("M238 112L290 92V328L238 352Z", "#5c2f14"), P("M118 112L172 90H290L238 112Z", "#c98f5c"))
    p.add(P("M118 226Q148 190 178 220T238 208V352H118Z", "#fff3dc"), P("M238 208L290 190V328L238 352Z", "#e0ccae"))
    p.add(R(138, 136, 80, 30, 8, "#ffcf4a"), S("M152 151h52", "#7a4220", 7), P("M150 270h56l-8 50h-40Z", p.lin("#a8683a", "#6b3a1c")), E(178, 270, 28, 8, "#4a240e"), S("M206 282q20 2 14 18t-18 10", "#8f5630", 6))
    p.add(S("M262 100V40l34-14", "#fff", 10), S("M262 96V44", "#e8553a", 3))


def teh_manis_hangat(p):
    mug(p, "#e0903a", "#c4691f", "#9a4712")
    p.add(S("M240 92Q262 60 300 66", "#fff", 4), R(292, 60, 40, 34, 4, "#fff8e6"), R(298, 66, 28, 14, 2, "#4f9a3f"))
    steam(p, 190, 70)


def teh_poci_gula_batu(p):
    shadow(p, 200, 330, 160, 26)
    clay = p.rad("#d8875a", "#a4552f", "#6b2f12")
    p.add(S("M256 196Q330 170 322 236T250 280", "#7c3a18", 20), P("M76 216Q44 208 30 158L56 152Q64 190 96 200Z", "#8f4720"), P("M70 240Q70 160 166 160T264 240Q262 322 166 326 72 322 70 240Z", clay))
    p.add(E(166, 166, 66, 20, "#6b2f12"), P("M106 162Q112 130 166 128T226 162Q166 182 106 162Z", clay), C(166, 122, 15, "#8f4720"), S("M92 232Q100 190 140 180", "#fff", 9, 'opacity=".35"'), S("M84 264Q166 292 250 264", "#f0c294", 5, 'opacity=".7"'))
    p.add(P("M258 276Q258 340 306 340T354 276Z", clay), E(306, 276, 48, 18, "#d8875a"), E(306, 278, 41, 13, p.rad("#e0903a", "#8f4210")))
    for x, y in ((296, 272), (316, 278)):
        p.add(P(f"M{x - 12} {y}l8-10 14 2 4 10-12 6Z", "#fff7dc", 'opacity=".9"'))
    steam(p, 166, 96)


def jeruk_hangat(p):
    mug(p, "#ffcf4a", "#ffb22e", "#f2921a")
    p.sprinkle(194, 240, 56, 70, 22, ["#ffe79a"], 8, 3, 0.8)
    citrus(p, 112, 100, 46, "#f28f16", "#ffb52e", 8)
    steam(p, 206, 64)


def kopi_tubruk(p):
    cup(p, "#3f2413", "#1f0f06", body=("#fffaf0", "#eee0c8", "#c4ab86"))
    p.add(E(190, 170, 60, 18, "none", 'stroke="#7a4a26" stroke-width="5" opacity=".7"'))
    p.sprinkle(190, 168, 76, 22, 18, ["#6b4020"], 2, 4)
    p.add(S("M106 236Q190 268 286 226", "#3f7a4a", 6), S("M112 250Q190 280 280 242", "#c8452f", 4))
    beans(p, ((70, 338), (112, 356), (330, 346)))
    steam(p, 190, 100)


def beans(p, spots):
    """Roasted coffee beans lying about."""
    for i, (x, y) in enumerate(spots):
        p.add(f'<g transform="translate({x} {y})rotate({i * 50 - 20})">' + E(2, 5, 20, 13, SHADE, 'opacity=".25"') + E(0, 0, 20, 13, p.rad("#8a532c", "#3f2010")) + S("M-16-2Q-4 5 4-1T17 1", "#2a1408", 3) + "</g>")


def kopi_susu_panas(p):
    mug(p, "#6b3d20", "#6b3d20", "#8f5a34", "#f3e2c8", "#fff3dc")
    p.add(S("M216 140L286 44", "#c7c9cf", 9), E(290, 40, 12, 18, "#dfe1e6", 'transform="rotate(35 290 40)"'))
    steam(p, 170, 70)
    beans(p, ((70, 352), (332, 356)))


def kopi_gayo_saring(p):
    shadow(p, 204, 356, 108, 18)
    p.add(S("M276 226Q336 226 330 276T270 318", "#fff", 14, 'opacity=".7"'), P("M150 190L116 326Q116 356 200 356T284 326L250 190Z", "#fff", 'opacity=".5"'), P("M134 274L122 326Q124 348 200 348T278 326L266 274Z", p.lin("#7a3f1a", "#3a1a08")), E(200, 274, 66, 13, "#95572a"))
    p.add(S("M150 206L130 300", "#fff", 9, 'opacity=".6"'), S("M200 186V268", "#4a240e", 5), E(200, 192, 76, 14, "#b9824e"), E(200, 188, 76, 13, "#d9a76c"))
    p.add(P("M104 66L166 184H234L296 66Z", p.hor("#f4eee2", "#fffdf8", "#d9cdb8")), E(200, 66, 96, 26, "#fffaf0"), E(200, 68, 84, 21, "#e9d8bb"), E(200, 72, 72, 16, p.rad("#5c3418", "#2a1408")), S("M132 92L172 176M268 92L228 176M166 96L186 178M234 96L214 178", "#cbbb9f", 4))
    steam(p, 200, 46)
    beans(p, ((58, 340), (346, 352)))


def cappuccino(p):
    cup(p, "#b5743c", "#8a4f24")
    p.add(E(190, 168, 86, 31, "#c98a52"), P("M190 200Q120 182 134 158 150 142 190 160 230 142 246 158 260 182 190 200Z", "#fff6e6"), P("M190 188Q146 176 156 164 166 156 190 170 214 156 224 164 234 176 190 188Z", "#c98a52"), P("M190 180Q172 174 178 168 184 166 190 172 196 166 202 168 208 174 190 180Z", "#fff6e6"))
    steam(p, 190, 100)
    beans(p, ((76, 340),))


def cokelat_panas(p):
    cup(p, "#7a4423", "#4a240e", body=("#f08a5a", "#d8602f", "#9a3c16"))
    for x, y in ((150, 158), (196, 150), (236, 164), (176, 174)):
        p.add(R(x - 20, y - 12, 42, 28, 9, "#e6d8cc"), R(x - 20, y - 16, 42, 26, 9, p.rad("#ffffff", "#f3e6dc")))
    p.sprinkle(190, 160, 70, 18, 14, ["#4a240e"], 5, 4)
    steam(p, 190, 90)
    p.add(R(42, 330, 46, 30, 4, "#4a240e"), R(42, 324, 46, 30, 4, "#7a4423"), S("M65 326v26M44 339h42", "#4a240e", 3))


def wedang_jahe(p):
    mug(p, "#f0c05a", "#dd9a34", "#b8701f")
    for x, y in ((166, 150), (216, 196), (170, 248)):
        p.add(P(p.blob(x, y, 26, 18, 0.2, 7), "#f6dd94", 'stroke="#b98a3e" stroke-width="4"'))
    lemongrass(p, 248, 118, -60, 1.3)
    p.add(P("M34 344q-6-30 24-28 4-24 28-14 24-14 26 12 24 8 8 28-16 16-36 6-30 14-50-4Z", p.rad("#e6c184", "#a87a3e")), S("M60 322q6 8 4 18M92 312q4 10 0 24", "#8a6030", 3))
    steam(p, 180, 64)


def wedang_uwuh(p):
    mug(p, "#e0524a", "#c02a2a", "#8f1418")
    for x, y, a in ((160, 158, 30), (220, 214, -40)):
        basil(p, x, y, a, 1.1, "#b58a4a", "#7a5426")
    p.sprinkle(190, 240, 54, 70, 18, ["#5a1a10", "#e89a6a"], 16, 6)
    p.add(S("M230 190L262 60", "#8a4a20", 15), S("M226 190L258 60", "#c07a42", 5))
    star(p, 70, 340)
    steam(p, 176, 64)


def bajigur(p):
    cup(p, "#d9b088", "#b07c4c", body=("#c9804f", "#a4552f", "#6b2f12"))
    for x, y in ((160, 164), (206, 158), (222, 176), (178, 178)):
        p.add(E(x, y, 18, 10, p.rad("#fffdf0", "#e0d2b4")))
    p.add(P("M76 348Q60 330 76 318 100 312 118 322 128 338 114 352 92 358 76 348Z", p.rad("#a8622a", "#5c2f10")))
    basil(p, 330, 344, -20, 1.2, "#6fae4a", "#2f7a2b")
    steam(p, 190, 100)
