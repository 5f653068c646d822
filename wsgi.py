"""What the server and the commands import: the application with the settings of this process."""

import gc
import sys

from app import create_app
from app.kernel.config import WrongConfiguration

try:
    app = create_app()
except WrongConfiguration as wrong:
    sys.exit(f"Cannot start: {wrong}")
# What lives as long as the process is not looked through each time that rubbish is collected: that takes a tenth of a second.
gc.collect()
gc.freeze()
