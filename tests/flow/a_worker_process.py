"""The worker in a process of its own, as the demonstration starts it, with small chunks so that there are several."""

from requests_portal.demo.worker import main
from requests_portal.work import gather

if __name__ == "__main__":
    gather.CHUNK = 10
    main()
