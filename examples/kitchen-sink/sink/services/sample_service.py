"""Business logic of samples. This file is yours."""

from sink.services.base.sample_service import SampleServiceBase


class SampleService(SampleServiceBase):
    """Override a hook, or a whole operation."""
