"""Business logic of orders. This file is yours."""

from sink.core.scope import EVERY_ROW, Scope
from sink.repositories.order_repository import OrderRow, OrderValues
from sink.services.base.order_service import OrderServiceBase


class OrderService(OrderServiceBase):
    """Override a hook, or a whole operation."""

    async def before_create(self, values: OrderValues) -> None:
        """Runs before an order is written; may change the values."""

    async def after_create(self, order: OrderRow) -> None:
        """Runs after an order was written, before the commit."""

    async def before_update(self, order: OrderRow, changes: OrderValues) -> None:
        """Runs before the changes are written; may change them."""

    async def after_update(self, order: OrderRow) -> None:
        """Runs after the changes were written, before the commit."""

    async def before_delete(self, order: OrderRow) -> None:
        """Runs before an order is deleted."""

    async def after_delete(self, order: OrderRow) -> None:
        """Runs after an order was deleted, before the commit."""

    def scope(self) -> Scope:
        """The rows that every operation is about, by a named condition."""
        return EVERY_ROW
