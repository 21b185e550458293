"""Something of everything, so that what refers to it has something to refer to: the demo begins with a menu and nothing else."""

import base64
import uuid

# How many of each there are at the beginning.
ORDERS = 10
GUESTS = 4
DEVICES = 3
# A picture of one grey pixel.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


class Restaurant:
    """Writes down what a day in a restaurant would."""

    def __init__(self, api):
        self.api = api
        self._menu = None

    def open(self):
        """Guests, devices, and orders of which some are paid."""
        for number in range(GUESTS):
            guest = {
                "name": f"Tamu {number}",
                "phone": f"08120000{number}",
                "email": "",
                "notes": "meja depan",
            }
            self.api.ask("POST", "/api/customers/", guest)
        for number in range(DEVICES):
            self.pair(f"Perangkat {number}", "kitchen")
        for number in range(ORDERS):
            order = self.place()
            if number % 5 == 0:
                self.api.ask("POST", "/api/payments/", {"order": order["id"], "method": "cash"})

    def place(self):
        """Places an order of something that can be had."""
        product, modifiers = self.menu()[0]
        item = {"product": product, "quantity": 2, "modifiers": modifiers}
        return self.api.ask("POST", "/api/orders/", {"id": str(uuid.uuid4()), "table": "7", "items": [item]})

    def pair(self, name, role):
        """Pairs a device; answers it with its key."""
        code = self.api.ask("POST", "/api/pairing-codes/", {"name": name, "role": role})["code"]
        return self.api.ask("POST", "/api/devices/pair/", {"code": code})

    def menu(self, is_fresh=False):
        """What can be had: products, each with modifiers that it can be had with."""
        if self._menu is None or is_fresh:
            rows = {name: self.api.rows(name) for name in ("products", "modifier-groups", "modifiers")}
            groups = {group["id"]: group for group in rows["modifier-groups"]}
            of_group = {}
            for modifier in rows["modifiers"]:
                if modifier["is_available"]:
                    of_group.setdefault(modifier["group"], []).append(modifier["id"])
            self._menu = []
            for product in rows["products"]:
                wanted = [groups[one] for one in product["modifier_groups"] if one in groups]
                wanted = [(group["min_select"], of_group.get(group["id"], [])) for group in wanted]
                if product["is_available"] and all(least <= len(found) for least, found in wanted):
                    self._menu.append(
                        (product["id"], [one for least, found in wanted for one in found[:least]])
                    )
        return self._menu
