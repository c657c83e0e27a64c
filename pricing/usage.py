"""Assumptions for prices by use, which no template can know."""

from pricing.table import HOURS_PER_MONTH

LCU = 0.1
"""Load balancer capacity units: a team's browsers, far below the 25 new connections a second of one unit."""

WEB_REQUESTS_MILLION = 1.0
"""Millions of requests in a month: ten people whose pages ask every four seconds, eight hours on fourteen days."""

LOGS_GB_PER_SERVICE = 0.2
"""GB that a service running all month writes to CloudWatch Logs: twice what the idle services of a rehearsal write."""

FILES_GB = 1.0
"""GB on the file system: code and a month of task logs."""

FILES_READ_GB = 8.0
"""GB that EFS meters for reads in a month of running, as elastic throughput; each metadata operation counts 4 KiB."""

FILES_WRITTEN_GB = 2.0
"""GB that EFS meters for writes in a month of running, as elastic throughput: task logs."""

DATABASE_WRITTEN_GB = 126.0
"""GB that EFS meters in a month of running for a database on it, as elastic throughput: PostgreSQL writes its log 1.5
times a second for an idle Airflow 3 in a rehearsal, and each write counts 32 KiB. Checkpoints are not included."""

BUCKET_GB = 0.1
"""GB in each bucket: code with its former versions."""

LOOKS_PER_HOUR = 900.0
"""How often a process asks S3 which release of the code is current: every 4 seconds."""

IMAGES_GB = 1.0
"""GB in the image repository, compressed."""

ZONES_OF_A_LOAD_BALANCER = 2
"""Availability zones, and so public addresses, of a load balancer whose subnets the template does not list."""

ZONES_OF_AN_ENDPOINT = 2
"""Availability zones of an interface endpoint whose subnets the template does not list."""

ASSUMPTIONS = (
    f"{LOGS_GB_PER_SERVICE} GB of logs per service in a month of {HOURS_PER_MONTH:g} hours, less with office hours",
    f"{FILES_GB:g} GB on EFS, {FILES_READ_GB:g} GB read and {FILES_WRITTEN_GB:g} GB written in such a month",
    f"{BUCKET_GB} GB per bucket, {IMAGES_GB:g} GB of images, {LCU} load balancer capacity units",
)
"""The assumptions in words, for readers of a bill."""

NOT_INCLUDED = (
    "tax",
    "data sent to the internet",
    "the free tier, Savings Plans and other discounts",
    "deployments (a task or two for minutes)",
    "backups beyond the size of the database",
    "what DAGs use",
)
"""Costs that no bill contains."""
