"""The application. Yours: middleware, lifespans and routers of your own go in as arguments."""

from app.core.app import create_app
from app.settings import Settings

app = create_app(Settings())
