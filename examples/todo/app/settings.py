"""Settings of this project. Yours: add fields here, each is an environment variable."""

from app.core.config import AppSettings


class Settings(AppSettings):
    """Read from the environment and from `.env`."""
