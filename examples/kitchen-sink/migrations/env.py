"""Environment of Alembic."""

from sink.core.migrations import run
from sink.settings import Settings

run(Settings().database_url)
