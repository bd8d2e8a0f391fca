"""Business logic of categories. This file is yours."""

from sink.services.base.category_service import CategoryServiceBase


class CategoryService(CategoryServiceBase):
    """Override a hook, or a whole operation."""
