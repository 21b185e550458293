"""A 400 x 400 SVG canvas: primitives, gradients, and parts that are defined once and used many times.

Everything is deterministic: each picture draws its chance from its own name. Coordinates are whole numbers, because
131 pictures are embedded in the hub and share half a megabyte.
"""

import collections
import math
import random
import re
from xml.sax.saxutils import escape

SIZE = 400


def num(value):
    """A coordinate as short text."""
    return str(round(value))


def name_of(index):
    """The shortest id that no other has: a, b, ..., Z, a1, ..."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return letters[index % 52] + (str(index // 52) if index >= 52 else "")


def attrs(extra):
    return " " + extra if extra else ""


def C(x, y, r, fill, extra=""):
    """A disc."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{fill}"{attrs(extra)}/>'


def E(x, y, rx, ry, fill, extra=""):
    """An ellipse."""
    return f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}" fill="{fill}"{attrs(extra)}/>'


def P(d, fill, extra=""):
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"{attrs(extra)}/>'


def S(d, stroke, width=3, extra=""):
    """A stroked path."""
    return f'<path d="{d}" stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round"{attrs(extra)}/>'


def R(x, y, w, h, rx, fill, extra=""):
    """A rounded box."""
    return (
        f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}" rx="{num(rx)}" fill="{fill}"{attrs(extra)}/>'
    )


SHADE = "#3a1704"


def under(d, dx=3, dy=6, opacity=0.22):
    """The soft shadow that a path throws on what lies below it."""
    return P(d, SHADE, f'opacity="{opacity}" transform="translate({dx} {dy})"')


def smooth(points):
    """A closed path through the midpoints of a polygon's edges.

    Corners are even numbers, so midpoints are whole and `t` (which mirrors the last control point) hits each corner.
    """
    even = [(round(x / 2) * 2, round(y / 2) * 2) for x, y in points]
    mids = [((a[0] + b[0]) // 2, (a[1] + b[1]) // 2) for a, b in zip(even, even[1:] + even[:1])]
    start, first = mids[-1], even[0]
    d = f"M{start[0]} {start[1]}Q{first[0]} {first[1]} {mids[0][0]} {mids[0][1]}t"
    return d + " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in zip(mids, mids[1:])) + "Z"


def translucent(match):
    """Writes a colour and its opacity as one colour with alpha, four or eight digits long."""
    colour, opacity = match["colour"], float(match["opacity"])
    if len(colour) == 3:
        alpha = f"{round(opacity * 15):x}"
    else:
        alpha = f"{round(opacity * 255):02x}"
    return f'{match["kind"]}="#{colour}{alpha}"{match["width"] or ""}'


OPACITY = re.compile(
    r'(?P<kind>fill|stroke)="#(?P<colour>\w{6}|\w{3})"(?P<width> stroke-width="[^"]*")? opacity="(?P<opacity>[.\d]+)"'
)


def compact(svg, ids):
    """Names every long path that is drawn twice, and drops what the root element says for all: no fill, round ends
    4 wide."""
    svg = re.sub(r' d="([^"]*)"', lambda m: ' d="' + re.sub(r" ?([-A-Za-z]) ?", r"\1", m[1]) + '"', svg)
    svg = svg.replace(' stroke-linecap="round"', "").replace(' fill="none"', "").replace('="0.', '=".')
    svg = re.sub(r"#(\w)\1(\w)\2(\w)\3", r"#\1\2\3", svg)
    svg = OPACITY.sub(translucent, svg).replace(' stroke-width="4"', "")
    counts = collections.Counter(re.findall(r'<path (d="[^"]*")', svg))
    shapes = ""
    for i, d in enumerate(d for d, n in counts.items() if n > 1 and len(d) > 50):
        name = name_of(ids + i)
        shapes += f'<path id="{name}" {d}/>'
        svg = svg.replace(f"<path {d}", f'<use href="#{name}"')
    svg = re.sub(r'(<use [^>]*)transform="translate\(([^ )]+) ([^ )]+)\)"', r'\1x="\2" y="\3"', svg)
    return svg.replace("<defs>", "<defs>" + shapes, 1)


class Pic:
    """One picture being drawn."""

    def __init__(self, slug):
        self.rng = random.Random(slug)
        self.defs = []
        self.paints = {}
        self.parts = {}
        self.body = []
        self.zoomed = False

    def add(self, *pieces):
        """Puts pieces on top of what is there."""
        self.body.extend(pieces)

    def zoom(self, x, y, scale):
        """Draws all that follows larger, seen from a point."""
        tail = "</g>" if self.zoomed else ""
        self.zoomed = True
        self.add(f'{tail}<g transform="translate({num(x - x * scale)} {num(y - y * scale)})scale({scale:g})">')

    def _paint(self, key, tag, geometry, stops):
        if key not in self.paints:
            name = name_of(len(self.paints))
            self.paints[key] = name
            steps = f'<stop stop-color="{stops[0]}"/>'
            for i, colour in enumerate(stops[1:], 1):
                steps += f'<stop offset="{i / (len(stops) - 1):.2g}" stop-color="{colour}"/>'
            first = next((n for k, n in self.paints.items() if k[0] == key[0]), name)
            place = geometry if first == name or not geometry else f' href="#{first}"'
            self.defs.append(f'<{tag} id="{name}"{place}>{steps}</{tag}>')
        return f"url(#{self.paints[key]})"

    def rad(self, *stops):
        """Light from the upper left: first colour in the light, last at the edge."""
        return self._paint(("r", stops), "radialGradient", ' cx=".4" cy=".35" r=".7"', stops)

    def lin(self, *stops):
        """From top to bottom."""
        return self._paint(("l", stops), "linearGradient", ' x2="0" y2="1"', stops)

    def hor(self, *stops):
        """From left to right."""
        return self._paint(("h", stops), "linearGradient", "", stops)

    def blob(self, x, y, rx, ry, wobble=0.12, n=9):
        """A hand-made round shape."""
        turn = self.rng.random() * 6.28
        points = []
        for i in range(n):
            angle = turn + i * 2 * math.pi / n
            k = 1.06 + self.rng.uniform(-wobble, wobble)
            points.append((x + math.cos(angle) * rx * k, y + math.sin(angle) * ry * k))
        return smooth(points)

    def scatter(self, x, y, rx, ry, n):
        """`n` places spread evenly over an ellipse, from its centre outwards."""
        turn = self.rng.random() * 6.28
        for i in range(n):
            r = math.sqrt((i + 0.5) / n)
            angle = turn + i * 2.39996
            dx, dy = self.rng.uniform(-4, 4), self.rng.uniform(-4, 4)
            yield x + math.cos(angle) * r * rx + dx, y + math.sin(angle) * r * ry + dy

    def sprinkle(self, x, y, rx, ry, n, colours, length=8, width=4, opacity=None):
        """Short strokes strewn over an ellipse: rice, shallots, scallion, crumbs."""
        strokes = {colour: [] for colour in colours}
        for i, (px, py) in enumerate(self.scatter(x, y, rx, ry, n)):
            angle = self.rng.uniform(0, 3.14)
            dx, dy = round(math.cos(angle) * length), round(math.sin(angle) * length)
            strokes[colours[i % len(colours)]].append((round(px), round(py), dx or 1, dy))
        extra = f'opacity="{opacity}"' if opacity else ""
        for colour, lines in strokes.items():
            # Neighbours follow each other, and each starts from where the last one ended: short numbers.
            lines.sort(key=lambda line: (line[1] // 24, line[0] if line[1] // 24 % 2 else -line[0]))
            d, ex, ey = "", 0, 0
            for px, py, dx, dy in lines:
                d += f"m{px - ex} {py - ey} {dx} {dy}"
                ex, ey = px + dx, py + dy
            self.add(S(d, colour, width, extra))

    def put(self, key, build, x, y, turn=0, scale=1):
        """Places a part; `build` is called once per picture and key."""
        if key not in self.parts:
            self.parts[key] = [build(), 0]
        self.parts[key][1] += 1
        self.body.append((key, x, y, turn, scale))

    def svg(self, title):
        """The finished file. A part that is used once is written in place."""
        names, base, shapes, out = {}, {}, [], []
        ids = len(self.paints)
        for key, (shape, uses) in self.parts.items():
            if uses > 1:
                names[key] = name_of(ids)
                ids += 1
                scales = [piece[4] for piece in self.body if piece[0] == key]
                base[key] = max(set(scales), key=lambda scale: (scales.count(scale), scale))
                shapes.append(f'<g id="{names[key]}"{self.move(0, 0, 0, base[key])}>{shape}</g>')
        for piece in self.body:
            if isinstance(piece, str):
                out.append(piece)
                continue
            key, x, y, turn, scale = piece
            if key in names:
                out.append(f'<use href="#{names[key]}"{self.move(x, y, turn, scale / base[key])}/>')
            else:
                out.append(f"<g{self.move(x, y, turn, scale)}>{self.parts[key][0]}</g>")
        out.append("</g>" if self.zoomed else "")
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" fill="none" stroke-linecap="round" stroke-width="4">'
        body = compact("<defs>" + "".join(self.defs + shapes) + "</defs>" + "".join(out), ids)
        return f"{head}<title>{escape(title)}</title>{body}</svg>\n"

    @staticmethod
    def move(x, y, turn, scale):
        """The transform attribute that says so, or nothing."""
        steps = f"translate({num(x)} {num(y)})" if round(x) or round(y) else ""
        steps += f"rotate({num(turn % 360)})" if round(turn) % 360 else ""
        if abs(scale - 1) > 0.004:
            steps += "scale(" + f"{scale:.3g}".removeprefix("0") + ")"
        return f' transform="{steps}"' if steps else ""


def part(shape):
    """Turns `shape(pic, *options) -> svg` around the origin into `place(pic, x, y, turn, scale, *options)`."""

    def place(pic, x, y, turn=0, scale=1, *options):
        pic.put((shape.__name__, options), lambda: shape(pic, *options), x, y, turn, scale)

    place.__doc__ = shape.__doc__
    return place


def ring(pic, place, x, y, rx, ry, n, scale=1, start=0.0, *options):
    """Places a part `n` times around an ellipse, turned outwards."""
    for i in range(n):
        angle = start + i * 2 * math.pi / n
        place(pic, x + math.cos(angle) * rx, y + math.sin(angle) * ry, math.degrees(angle), scale, *options)


def strew(pic, place, x, y, rx, ry, n, scale=1, *options):
    """Places a part `n` times, spread over an ellipse and turned at random."""
    for px, py in pic.scatter(x, y, rx, ry, n):
        place(pic, px, py, pic.rng.randrange(360), scale, *options)
