"""The one blueprint of this feature's pages; each module of pages registers its own with it."""

from app.policy.routes import Routes

routes = Routes("staff", __name__)
