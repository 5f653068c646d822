"""What is done about duplicates again and again: new and changed records are compared soon, and every night all of them."""

from app.duplicates.rule import compare_what_is_due
from app.kernel.worker import Periodic

PERIODIC = (Periodic("duplicates.compare", "* * * * *", do=compare_what_is_due),
            Periodic("duplicates.everything", "30 2 * * *", "SELECT wall.match_everything()"))
