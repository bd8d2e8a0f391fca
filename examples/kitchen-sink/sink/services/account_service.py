"""Business logic of accounts. This file is yours."""

from sink.services.base.account_service import AccountServiceBase


class AccountService(AccountServiceBase):
    """Override a hook, or a whole operation."""
