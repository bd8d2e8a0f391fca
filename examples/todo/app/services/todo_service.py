"""Business logic of todos. This file is yours."""

from app.services.base.todo_service import TodoServiceBase


class TodoService(TodoServiceBase):
    """Override a hook, or a whole operation."""
