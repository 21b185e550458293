#!/usr/bin/env python3
"""Draws the picture of every product of `menu.json` into `pictures/`.

Run from anywhere with Python 3.9 or later; it needs nothing else, and gives the same bytes each time. A product's
recipe is the function in `drawing/recipes_*.py` that bears its picture's name with underscores.

    ./draw.py           draw all
    ./draw.py --check   fail if a file on disk differs from what would be drawn
"""

import json
import pathlib
import sys

from drawing import recipes_drinks, recipes_grill, recipes_rice, recipes_sets, recipes_snacks, recipes_soup, recipes_sweets
from drawing.canvas import Pic
from drawing.vessels import table

HERE = pathlib.Path(__file__).resolve().parent
TONES = {
    "NAS": "nasi", "MIE": "mie", "AYM": "ayam", "SAT": "sate", "SOT": "soto", "IKN": "ikan", "SAY": "sayur",
    "CAM": "camilan", "PKT": "paket", "DIN": "dingin", "PAN": "panas", "PEN": "penutup",
}
RECIPES = (
    recipes_rice, recipes_grill, recipes_soup, recipes_snacks, recipes_sets, recipes_drinks, recipes_sweets,
)


def draw(product):
    """The SVG of one product."""
    name = product["picture"].replace("-", "_")
    recipe = next((vars(module)[name] for module in RECIPES if name in vars(module)), None)
    if recipe is None:
        sys.exit(f"no recipe draws {product['picture']}")
    pic = Pic(product["picture"])
    table(pic, TONES[product["category"]])
    recipe(pic)
    return pic.svg(product["name"])


def main():
    check = sys.argv[1:] == ["--check"]
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    products = json.loads((HERE / "menu.json").read_text("utf-8"))["products"]
    files = {f"{product['picture']}.svg": draw(product) for product in products}
    stale = [path for path in folder.glob("*.svg") if path.name not in files]
    for name, text in files.items():
        path = folder / name
        if check and (not path.exists() or path.read_text("utf-8") != text):
            sys.exit(f"{name} is not what draw.py draws; run it again")
        if not check:
            path.write_text(text, "utf-8")
    if check and stale:
        sys.exit(f"{stale[0].name} belongs to no product")
    for path in stale:
        path.unlink()
    sizes = sorted(len(text.encode()) for text in files.values())
    print(f"{len(sizes)} pictures, {sum(sizes)} bytes, smallest {sizes[0]}, largest {sizes[-1]}")


if __name__ == "__main__":
    main()
