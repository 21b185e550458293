"""Every route below `/api/`, and the admin."""

from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import DefaultRouter
from rest_framework_simplejwt.views import TokenBlacklistView, TokenRefreshView

from pos import views

router = DefaultRouter()
router.register("products", views.ProductViewSet)
router.register("categories", views.CategoryViewSet)
router.register("modifiers", views.ModifierViewSet)
router.register("customers", views.CustomerViewSet)
router.register("orders", views.OrderViewSet)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/token/", views.SignInView.as_view()),
    path("api/token/refresh/", TokenRefreshView.as_view()),
    path("api/token/blacklist/", TokenBlacklistView.as_view()),
    path("api/", include(router.urls)),
]
