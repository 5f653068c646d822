"""The three addresses of one database: of those who use it, who change its tables, and who make roles.

They travel together from whoever has a PostgreSQL, embedded or not, to the commands and servers that use it.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Addresses:
    """As libpq takes them; each holds a password and stays out of the repr."""

    database_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    admin_url: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """What a child process is told."""
        return {"DATABASE_URL": self.database_url, "JC_OWNER_URL": self.owner_url, "JC_ADMIN_URL": self.admin_url}

    def settings(self) -> dict[str, str]:
        """The same by the names that settings have."""
        return {"database_url": self.database_url, "owner_url": self.owner_url, "admin_url": self.admin_url}


def for_database(database: str, admin_url: str, role_prefix: str, secret: str) -> Addresses:
    """The addresses of a database on the administrator's server, for the roles ``<prefix>_web`` and ``<prefix>_owner``.

    Their passwords follow from the installation's secret, so that every process finds the same without keeping them.
    """

    def address(role: str) -> str:
        name = f"{role_prefix}_{role}"
        password = hmac.new(secret.encode(), f"database role {name}".encode(), hashlib.sha256).hexdigest()
        parts = urlsplit(admin_url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{name}:{password}@{host}", path=f"/{database}"))

    return Addresses(address("web"), address("owner"), admin_url)
