"""Pages as the tills ask for them."""

from rest_framework.pagination import PageNumberPagination


class Paging(PageNumberPagination):
    """A hundred rows, or as many as the client says."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500
