"""Business logic of users. This file is yours."""

from app.services.base.user_service import UserServiceBase


class UserService(UserServiceBase):
    """Override a hook, or a whole operation."""
