"""Glasses, cups, bottles and the ice in them, seen from the front and a little above."""

from .canvas import C, E, P, R, S, SHADE, part, under
from .vessels import shadow


def glass(p, *liquid, top=70, wide=86, narrow=66, base=348, fill=112):
    """A tall glass, filled to `fill` with a gradient from top to bottom."""
    def half(y):
        return wide - (wide - narrow) * (y - top) / (base - top)

    shadow(p, 208, base, narrow + 34, 20)
    outer = f"M{200 - wide} {top}L{200 - narrow} {base - 8}Q{200 - narrow} {base + 12} 200 {base + 12}T{200 + narrow} {base - 8}L{200 + wide} {top}Z"
    p.add(P(outer, "#fff", 'opacity=".45"'))
    a, b = half(fill) - 7, narrow - 6
    p.add(P(f"M{200 - a:.0f} {fill}L{200 - b} {base - 12}Q{200 - b} {base + 2} 200 {base + 2}T{200 + b} {base - 12}L{200 + a:.0f} {fill}Z", p.lin(*liquid)))
    p.add(E(200, fill, a, 15, liquid[0]), E(200, fill, a, 15, "#fff", 'opacity=".3"'))
    p.glass = (top, wide, narrow, base, fill)


def rim(p, straw=None):
    """The front of the glass: its shine and its lip. Call it last."""
    top, wide, narrow, base, _ = p.glass
    p.add(S(f"M{200 - wide + 18} {top + 34}L{200 - narrow + 12} {base - 40}", "#fff", 11, 'opacity=".55"'), S(f"M{200 + wide - 16} {top + 60}L{200 + narrow - 7} {base - 90}", "#fff", 5, 'opacity=".45"'))
    p.add(E(200, top, wide, 17, "none", 'stroke="#fff" stroke-width="5" opacity=".85"'))
    if straw:
        p.add(S(f"M{196 + wide // 3} {top + 22}L{226 + wide // 3} {top - 46}l34-12", straw, 11), S(f"M{194 + wide // 3} {top + 20}L{224 + wide // 3} {top - 46}", "#fff", 3, 'opacity=".6"'))


@part
def cube(p, tint="#fff"):
    """A cube of ice."""
    return R(-22, -20, 44, 40, 9, tint, 'opacity=".42"') + R(-22, -20, 44, 40, 9, "none", 'stroke="#fff" stroke-width="3" opacity=".75"') + S("M-12-10h14M-12-10v12", "#fff", 4, 'opacity=".8"')


def ice(p, n=5, y=128):
    """Ice that floats at the top of the glass."""
    for i in range(n):
        cube(p, 200 + (-40, 8, 44, -18, 30)[i % 5] + i // 5 * 6, y + (0, 6, 0, 48, 54)[i % 5] + i // 5 * 100, p.rng.randrange(-25, 25), 1)


def drops(p, x=200, y=230, rx=56, ry=96, n=14):
    """Dew on something cold."""
    for px, py in p.scatter(x, y, rx, ry, n):
        p.add(E(px, py, 3, 4, "#fff", 'opacity=".6"'))


def citrus(p, x, y, r=44, skin="#f39a1e", flesh="#ffc04a", turn=0):
    """A wheel of orange, lemon or lime, big enough for a rim."""
    rays = "M0 0V{0}M0 0V-{0}M0 0L{1} {2}M0 0L-{1} {2}M0 0L{1}-{2}M0 0L-{1}-{2}".format(int(r * 0.74), int(r * 0.64), int(r * 0.37))
    p.add(f'<g transform="translate({x} {y})rotate({turn})">' + C(3, 5, r, SHADE, 'opacity=".2"') + C(0, 0, r, skin) + C(0, 0, r * 0.87, "#fff6da") + C(0, 0, r * 0.77, flesh) + S(rays, "#fff6da", 4) + "</g>")


def mint(p, x, y):
    """Two leaves of mint."""
    p.add(P(f"M{x} {y}Q{x - 38} {y - 4} {x - 44} {y - 36}Q{x - 6} {y - 36} {x} {y}Z", "#4fa047"), P(f"M{x} {y}Q{x + 38} {y - 8} {x + 38} {y - 42}Q{x + 2} {y - 36} {x} {y}Z", "#6fbf58"))


def cup(p, *liquid, body=("#ffffff", "#f1e7d8", "#d9c8b0"), saucer=True):
    """A wide cup on its saucer; the drink's surface is the ellipse (190, 168) of 96 x 38."""
    light, mid, deep = body
    shadow(p, 202, 326, 156, 36)
    if saucer:
        p.add(E(196, 318, 160, 44, deep), E(196, 310, 160, 44, p.rad(light, mid)), E(196, 312, 92, 24, deep, 'opacity=".5"'))
    p.add(E(314, 212, 36, 40, "none", f'stroke="{deep}" stroke-width="20"'), E(313, 210, 36, 40, "none", f'stroke="{light}" stroke-width="12"'))
    p.add(P("M78 160C80 260 122 318 190 318S300 260 302 160Z", p.hor(mid, light, mid, deep)))
    p.add(E(190, 162, 112, 46, p.rad(light, mid)), E(190, 165, 101, 39, deep), E(190, 168, 97, 36, p.rad(*liquid)))
    p.add(S("M98 196Q104 256 138 288", "#fff", 9, 'opacity=".6"'))


def mug(p, *liquid):
    """A glass mug with a handle: what hot drinks are served in at a warung."""
    shadow(p, 206, 344, 118, 24)
    p.add(S("M282 150Q356 150 350 214T276 284", "#fff", 20, 'opacity=".6"'), S("M282 150Q356 150 350 214T276 284", "#e9dccb", 5, 'opacity=".9"'))
    p.add(P("M102 92L112 326Q114 350 194 350T276 326L286 92Z", "#fff", 'opacity=".5"'))
    p.add(P("M111 132L119 320Q122 338 194 338T269 320L277 132Z", p.lin(*liquid)))
    p.add(E(194, 132, 83, 20, liquid[0]), E(194, 132, 83, 20, "#fff", 'opacity=".22"'))
    p.add(S("M130 160L136 300", "#fff", 12, 'opacity=".5"'), S("M256 150L252 260", "#fff", 5, 'opacity=".35"'), E(194, 92, 92, 22, "none", 'stroke="#fff" stroke-width="6" opacity=".9"'))


def bottle(p, glass_tones, label, mark, cap, neck=26):
    """A bottle with a plain label."""
    shadow(p, 206, 362, 72, 16)
    d = f"M{200 - neck} 70V112Q{200 - neck} 140 146 168 138 180 138 200V346Q138 362 160 362H240Q262 362 262 346V200Q262 180 254 168 {200 + neck} 140 {200 + neck} 112V70Z"
    p.add(P(d, p.hor(*glass_tones)), R(200 - neck - 4, 38, neck * 2 + 8, 36, 8, cap), S(f"M{200 - neck + 4} 44v24M200 44v24M{200 + neck - 4} 44v24", "#fff", 3, 'opacity=".4"'))
    p.add(R(138, 214, 124, 92, 0, p.hor(label[1], label[0], label[1])), mark)
    p.add(S("M156 196V348", "#fff", 10, 'opacity=".5"'), S(f"M{200 - neck + 8} 84v34", "#fff", 7, 'opacity=".5"'))


def tumbler_bowl(p, tones=("#ffffff", "#e5eef0", "#c6d3d8"), y=186):
    """A footed glass bowl for iced desserts; the heap belongs around (200, y)."""
    shadow(p, 206, 356, 92, 18)
    light, mid, deep = tones
    p.add(E(200, 350, 84, 20, deep), E(200, 345, 84, 19, light, 'opacity=".9"'), P("M184 296H216L222 344H178Z", p.hor(mid, light, deep)))
    p.add(E(200, y, 140, 46, light, 'opacity=".7"'))


def bowl_front(p, *liquid, y=186):
    """The front of the footed bowl with what is in it. Call it after the heap."""
    p.add(P(f"M60 {y}C64 {y + 84} 122 308 200 308S336 {y + 84} 340 {y}Q270 {y + 44} 200 {y + 44}T60 {y}Z", p.lin(*liquid), 'opacity=".93"'))
    p.add(S(f"M60 {y}Q130 {y + 44} 200 {y + 44}T340 {y}", "#fff", 6, 'opacity=".9"'), S(f"M86 {y + 44}Q104 {y + 90} 140 {y + 106}", "#fff", 11, 'opacity=".6"'))


def shaved(p, x=200, y=140, rx=104, ry=74, syrup=None):
    """A hill of shaved ice, with syrup run over its top."""
    d = p.blob(x, y, rx, ry, 0.1, 13)
    p.add(under(d, 3, 5, 0.15), P(d, p.rad("#ffffff", "#dfeaf0")))
    if syrup:
        p.add(P(p.blob(x - 4, y - ry * 0.4, rx * 0.74, ry * 0.5, 0.28, 11), syrup, 'opacity=".85"'))
    p.sprinkle(x, y, rx * 0.9, ry * 0.9, 26, ["#ffffff"], 6, 5, 0.75)
