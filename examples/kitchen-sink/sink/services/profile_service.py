"""Business logic of profiles. This file is yours."""

from sink.services.base.profile_service import ProfileServiceBase


class ProfileService(ProfileServiceBase):
    """Override a hook, or a whole operation."""
