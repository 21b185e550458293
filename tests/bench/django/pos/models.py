"""Tenants, their menu and their orders."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Tenant(models.Model):
    """A company."""

    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)


class Outlet(models.Model):
    """One of its restaurants, with the charges of its bills."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="outlets")
    name = models.CharField(max_length=120)
    service_rate = models.DecimalField(max_digits=5, decimal_places=2)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2)


class User(AbstractUser):
    """Who signs in."""

    role = models.CharField(max_length=20, default="cashier")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True)
    outlet = models.ForeignKey(Outlet, on_delete=models.SET_NULL, null=True)


class Category(models.Model):
    """A shelf of the menu."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    sort_order = models.IntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "name"]


class Product(models.Model):
    """What is sold."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="products"
    )
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    image = models.FileField(upload_to="products/", blank=True)
    barcode = models.CharField(max_length=40, blank=True)
    is_available = models.BooleanField(default=True)
    sort_order = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sort_order", "name"]
        indexes = [
            models.Index(fields=["tenant", "category"]),
            models.Index(fields=["tenant", "is_available"]),
            models.Index(fields=["name"]),
        ]


class Modifier(models.Model):
    """What a product can be had with."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="modifiers"
    )
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=120)
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["id"]


class Customer(models.Model):
    """A guest."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["name"]


class Order(models.Model):
    """A sale, with its charges as they were."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT)
    cashier = models.ForeignKey(User, on_delete=models.PROTECT)
    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True)
    order_number = models.CharField(max_length=40)
    order_type = models.CharField(max_length=20, default="dine_in")
    table = models.CharField(max_length=40, blank=True)
    notes = models.TextField(blank=True)
    status = models.CharField(max_length=20, default="pending")
    payment_status = models.CharField(max_length=20, default="unpaid")
    subtotal = models.DecimalField(max_digits=12, decimal_places=2)
    service_charge = models.DecimalField(max_digits=12, decimal_places=2)
    tax = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["tenant", "-created_at"]),
            models.Index(fields=["tenant", "status"]),
        ]


class OrderItem(models.Model):
    """A line, with names and prices as they were."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2)
    modifiers = models.JSONField(default=list, blank=True)
    line_total = models.DecimalField(max_digits=12, decimal_places=2)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]


class OrderCounter(models.Model):
    """The last order number of an outlet's day."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet", "day"], name="one_counter_a_day")
        ]
