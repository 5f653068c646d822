"""What the server and the commands import: the application with the settings of this process."""

import sys

from app import create_app
from app.kernel.config import WrongConfiguration

try:
    app = create_app()
except WrongConfiguration as wrong:
    sys.exit(f"Cannot start: {wrong}")
