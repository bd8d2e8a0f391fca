"""Business logic of tags. This file is yours."""

from app.services.base.tag_service import TagServiceBase


class TagService(TagServiceBase):
    """Override a hook, or a whole operation."""
