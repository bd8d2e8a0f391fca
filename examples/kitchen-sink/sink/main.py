"""The application. Yours: middleware, lifespans and routers of your own go in as arguments."""

from sink.core.app import create_app
from sink.settings import Settings

app = create_app(Settings())
