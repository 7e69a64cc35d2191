"""`desk`, whose every gathering of a recording takes a moment, and which may be of an earlier release.

What it does at an end, and how often it is heard of, is quicker than in life.
"""

import os
import resource
import time
from datetime import timedelta

from requests_portal import app, attending, lease
from requests_portal.cli import main
from requests_portal.model import worker
from requests_portal.work import gather

if __name__ == "__main__":
    gather.CHUNK = 1
    if limit := int(os.environ.get("LARGEST_FILE", "0")):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    seconds, quickly = float(os.environ.get("EACH", "0")), gather.gather

    def slowly(*arguments):
        time.sleep(seconds)
        return quickly(*arguments)

    gather.gather = slowly
    attending.DRAIN_SECONDS = 3
    worker.LEASE = timedelta(seconds=5)
    lease.BEAT = timedelta(seconds=0.3)
    app.FLOW_VERSION = os.environ.get("VERSION", app.FLOW_VERSION)
    main()
