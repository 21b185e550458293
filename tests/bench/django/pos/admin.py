"""The manager's admin, which Django makes by itself."""

from django.contrib import admin

from . import models


@admin.register(models.Product)
class ProductAdmin(admin.ModelAdmin):
    """The menu."""

    list_display = ["name", "price", "category", "is_available"]
    list_filter = ["category", "is_available"]
    search_fields = ["name", "description"]


admin.site.register(
    [models.Tenant, models.Outlet, models.Category, models.Modifier, models.Customer]
)
