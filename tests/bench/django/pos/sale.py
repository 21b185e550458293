"""Orders: priced, numbered and stored in one transaction."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import connection, transaction
from django.utils import timezone

from .models import Order, OrderItem

WHOLE = Decimal(1)

# One statement, and the row's lock is held for no longer than the rest of the transaction takes.
NEXT_NUMBER = """
    INSERT INTO pos_ordercounter (outlet_id, day, last) VALUES (%s, %s, 1)
    ON CONFLICT (outlet_id, day) DO UPDATE SET last = pos_ordercounter.last + 1
    RETURNING last
"""


def lines(items, products, modifiers):
    """The lines of an order, with names and prices as they are now."""
    made = []
    for item in items:
        product = products[item["product"]]
        picked = [modifiers[key] for key in item["modifiers"]]
        price = product.price + sum(modifier.price for modifier in picked)
        made.append(
            OrderItem(
                product=product,
                name=product.name,
                quantity=item["quantity"],
                price=product.price,
                modifiers=[
                    {"id": modifier.pk, "name": modifier.name, "price": str(modifier.price)}
                    for modifier in picked
                ],
                line_total=price * item["quantity"],
                notes=item["notes"],
            )
        )
    return made


def charges(items, outlet):
    """Subtotal, service, tax and total; each charge is rounded once, half up."""
    subtotal = sum((item.line_total for item in items), Decimal(0))
    service = share(subtotal, outlet.service_rate)
    tax = share(subtotal + service, outlet.tax_rate)
    return {
        "subtotal": subtotal,
        "service_charge": service,
        "tax": tax,
        "total": subtotal + service + tax,
    }


def share(amount, percent):
    """So much of a hundred of an amount, in whole rupiah."""
    return (amount * percent / 100).quantize(WHOLE, ROUND_HALF_UP)


def next_number(outlet):
    """The next order number of the outlet's day."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [outlet.pk, timezone.localdate()])
        return f"ORD-{cursor.fetchone()[0]:03d}"


def place(cashier, items, **fields):
    """Stores an order with its items."""
    outlet = cashier.outlet
    bill = charges(items, outlet)
    with transaction.atomic():
        order = Order.objects.create(
            tenant_id=cashier.tenant_id,
            outlet=outlet,
            cashier=cashier,
            order_number=next_number(outlet),
            **bill,
            **fields,
        )
        for item in items:
            item.order = order
        OrderItem.objects.bulk_create(items)
    # What was just written need not be read again for the answer.
    order._prefetched_objects_cache = {"items": items}
    return order
