"""What lists can be narrowed by."""

from django_filters import rest_framework as filters

from .models import Order, Product


class ProductFilter(filters.FilterSet):
    """By category, availability and price."""

    min_price = filters.NumberFilter(field_name="price", lookup_expr="gte")
    max_price = filters.NumberFilter(field_name="price", lookup_expr="lte")

    class Meta:
        model = Product
        fields = ["category", "is_available"]


class OrderFilter(filters.FilterSet):
    """By state and time."""

    created_after = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gte"
    )
    created_before = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lte"
    )

    class Meta:
        model = Order
        fields = ["status", "payment_status"]
