"""Your own routers. Every module with a `router` is mounted before the generated routes."""
