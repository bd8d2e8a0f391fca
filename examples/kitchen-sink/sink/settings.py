"""Settings of this project. Yours: add fields here, each is an environment variable."""

from sink.auth.config import AuthSettings


class Settings(AuthSettings):
    """Read from the environment and from `.env`."""
