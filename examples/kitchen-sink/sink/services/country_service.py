"""Business logic of countries. This file is yours."""

from sink.services.base.country_service import CountryServiceBase


class CountryService(CountryServiceBase):
    """Override a hook, or a whole operation."""
