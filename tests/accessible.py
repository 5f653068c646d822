"""What axe finds on a page that stands in a browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
# The rows of a long table are of one shape, and axe takes a second for every two hundred: the first tell of the others.
LOOKED_AT = {"exclude": [["tbody tr:nth-child(n+25)"]]}


def violations(page: Page) -> list[str]:
    """Each violation, with the element."""
    found = Axe().run(page, context=LOOKED_AT, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
