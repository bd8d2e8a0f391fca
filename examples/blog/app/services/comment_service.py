"""Business logic of comments. This file is yours."""

from app.services.base.comment_service import CommentServiceBase


class CommentService(CommentServiceBase):
    """Override a hook, or a whole operation."""
