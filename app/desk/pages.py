"""The blueprint of the adviser's desk: the modules beside this one put their pages on it."""

from app.policy.routes import Routes

routes = Routes("desk", __name__)
