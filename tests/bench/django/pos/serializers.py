"""Models as JSON, and what may be written."""

from rest_framework import serializers

from . import sale
from .models import Category, Customer, Modifier, Order, OrderItem, Product


class CategorySerializer(serializers.ModelSerializer):
    """A shelf of the menu."""

    class Meta:
        model = Category
        fields = ["id", "name", "sort_order"]


class ProductSerializer(serializers.ModelSerializer):
    """What is sold."""

    category_name = serializers.CharField(source="category.name", read_only=True)

    class Meta:
        model = Product
        fields = [
            "id",
            "sku",
            "name",
            "description",
            "price",
            "category",
            "category_name",
            "image",
            "barcode",
            "is_available",
            "sort_order",
        ]

    def validate_price(self, value):
        if value <= 0:
            raise serializers.ValidationError("Price must be positive")
        return value


class ModifierSerializer(serializers.ModelSerializer):
    """What a product can be had with."""

    class Meta:
        model = Modifier
        fields = ["id", "product", "name", "type", "price"]


class CustomerSerializer(serializers.ModelSerializer):
    """A guest."""

    class Meta:
        model = Customer
        fields = ["id", "name", "phone"]


class OrderItemSerializer(serializers.ModelSerializer):
    """A line. Products and modifiers are looked up for all lines of an order at once."""

    product = serializers.IntegerField(source="product_id", min_value=1)
    quantity = serializers.IntegerField(min_value=1, max_value=999)
    modifiers = serializers.JSONField(default=list)

    class Meta:
        model = OrderItem
        fields = [
            "id",
            "product",
            "name",
            "quantity",
            "price",
            "modifiers",
            "line_total",
            "notes",
        ]
        read_only_fields = ["name", "price", "line_total"]

    def validate_modifiers(self, value):
        if not isinstance(value, list) or not all(isinstance(key, int) for key in value):
            raise serializers.ValidationError("Expected a list of ids.")
        return value


class OrderSerializer(serializers.ModelSerializer):
    """An order with its items, written in one request."""

    items = OrderItemSerializer(many=True, allow_empty=False)
    cashier_name = serializers.CharField(source="cashier.username", read_only=True)
    customer_name = serializers.CharField(
        source="customer.name", read_only=True, default=""
    )

    class Meta:
        model = Order
        fields = [
            "id",
            "order_number",
            "outlet",
            "order_type",
            "table",
            "cashier",
            "cashier_name",
            "customer",
            "customer_name",
            "notes",
            "status",
            "payment_status",
            "items",
            "subtotal",
            "service_charge",
            "tax",
            "total",
            "metadata",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [
            "order_number",
            "outlet",
            "cashier",
            "status",
            "payment_status",
            "subtotal",
            "service_charge",
            "tax",
            "total",
        ]

    def validate_items(self, items):
        tenant = self.context["request"].user.tenant_id
        wanted = [item["product_id"] for item in items]
        products = Product.objects.filter(
            tenant_id=tenant, is_available=True
        ).in_bulk(wanted)
        picked = {key for item in items for key in item["modifiers"]}
        modifiers = Modifier.objects.in_bulk(picked) if picked else {}
        errors = []
        for item in items:
            item["product"] = item.pop("product_id")
            item.setdefault("notes", "")
            error = {}
            if item["product"] not in products:
                error["product"] = ["There is no such product."]
            for key in item["modifiers"]:
                modifier = modifiers.get(key)
                if modifier is None or modifier.product_id != item["product"]:
                    error["modifiers"] = [f"{key} does not belong to this product."]
            errors.append(error)
        if any(errors):
            raise serializers.ValidationError(errors)
        return sale.lines(items, products, modifiers)

    def create(self, validated_data):
        items = validated_data.pop("items")
        return sale.place(self.context["request"].user, items, **validated_data)
