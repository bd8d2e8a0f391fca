"""Environment of Alembic."""

from app.core.migrations import run
from app.settings import Settings

run(Settings().database_url)
