"""Business logic of posts. This file is yours."""

from app.repositories.post_repository import PostRow
from app.services.base.post_service import PostServiceBase


class PostService(PostServiceBase):
    """Override a hook, or a whole operation."""

    async def after_create(self, post: PostRow) -> None:
        """Runs after a post was written, before the commit."""
