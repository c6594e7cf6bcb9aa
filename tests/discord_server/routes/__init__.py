"""The REST API, one module for each resource."""

from ..routing import Routes
from . import commands, identity, interactions, messages, places, webhooks


def all_routes() -> Routes:
    routes = Routes()
    for module in (identity, places, messages, commands, interactions, webhooks):
        routes.include(module.routes)
    return routes
