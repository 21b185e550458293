"""The API."""

from rest_framework import mixins, viewsets
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer
from rest_framework_simplejwt.views import TokenObtainPairView

from . import serializers
from .filters import OrderFilter, ProductFilter
from .models import Category, Customer, Modifier, Order, Product


class SignInSerializer(TokenObtainPairSerializer):
    """Tokens, with who it is."""

    def validate(self, attrs):
        answer = super().validate(attrs)
        answer["role"] = self.user.role
        answer["tenant_id"] = self.user.tenant_id
        answer["outlet_id"] = self.user.outlet_id
        return answer


class SignInView(TokenObtainPairView):
    """`POST /api/token/`"""

    serializer_class = SignInSerializer


class OwnTenant:
    """Only what belongs to the tenant of who asks."""

    def get_queryset(self):
        return super().get_queryset().filter(tenant_id=self.request.user.tenant_id)

    def perform_create(self, serializer):
        serializer.save(tenant_id=self.request.user.tenant_id)


class ProductViewSet(OwnTenant, viewsets.ModelViewSet):
    """`/api/products/`"""

    queryset = Product.objects.select_related("category")
    serializer_class = serializers.ProductSerializer
    filterset_class = ProductFilter
    search_fields = ["name", "description"]
    ordering_fields = ["name", "price", "sort_order"]


class CategoryViewSet(OwnTenant, viewsets.ModelViewSet):
    """`/api/categories/`"""

    queryset = Category.objects.all()
    serializer_class = serializers.CategorySerializer
    search_fields = ["name"]


class CustomerViewSet(OwnTenant, viewsets.ModelViewSet):
    """`/api/customers/`"""

    queryset = Customer.objects.all()
    serializer_class = serializers.CustomerSerializer
    search_fields = ["name", "phone"]


class ModifierViewSet(viewsets.ReadOnlyModelViewSet):
    """`/api/modifiers/`"""

    queryset = Modifier.objects.all()
    serializer_class = serializers.ModifierSerializer
    filterset_fields = ["product"]

    def get_queryset(self):
        tenant = self.request.user.tenant_id
        return super().get_queryset().filter(product__tenant_id=tenant)


class OrderViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """`/api/orders/`"""

    queryset = Order.objects.select_related("cashier", "customer").prefetch_related(
        "items"
    )
    serializer_class = serializers.OrderSerializer
    filterset_class = OrderFilter
    search_fields = ["order_number", "table", "notes"]
    ordering_fields = ["created_at", "total"]

    def get_queryset(self):
        return super().get_queryset().filter(tenant_id=self.request.user.tenant_id)
