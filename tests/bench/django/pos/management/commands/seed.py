"""`seed FILE`: an outlet, a menu and some orders, as the bench has written them; made by it of the hub's demo menu."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from pos import models, sale


class Command(BaseCommand):
    """Fills an empty database."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        fixture = json.loads(options["file"].read_text())
        with transaction.atomic():
            self.fill(fixture)
        with connection.cursor() as cursor:
            # As the database does by itself within a minute.
            cursor.execute("ANALYZE")

    def fill(self, fixture):
        """Everything, with the ids of the file."""
        tenant = models.Tenant.objects.create(name=fixture["outlet"]["name"])
        outlet = models.Outlet.objects.create(tenant=tenant, **fixture["outlet"])
        outlet.refresh_from_db()
        cashier = models.User.objects.create_user(
            **fixture["user"], tenant=tenant, outlet=outlet
        )
        models.Category.objects.bulk_create(
            models.Category(tenant=tenant, **row) for row in fixture["categories"]
        )
        models.Product.objects.bulk_create(
            models.Product(tenant=tenant, **row) for row in fixture["products"]
        )
        models.Modifier.objects.bulk_create(
            models.Modifier(**row) for row in fixture["modifiers"]
        )
        self.follow_ids()
        products = models.Product.objects.in_bulk()
        modifiers = models.Modifier.objects.in_bulk()
        for row in fixture["orders"]:
            items = sale.lines(row.pop("items"), products, modifiers)
            sale.place(cashier, items, **row)

    def follow_ids(self):
        """The sequences go on behind the ids that the file gave."""
        with connection.cursor() as cursor:
            for model in (models.Category, models.Product, models.Modifier):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
