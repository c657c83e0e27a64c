"""When the shop's DAGs run."""

from datetime import datetime

OPENING = datetime(2021, 1, 1)
