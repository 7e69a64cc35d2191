"""Settings for a desk that lives in one folder with invented data: the demonstration's and the walkthrough's."""

import secrets
from pathlib import Path

from requests_portal.settings import DEMONSTRATION, Settings

POLICY = Path(__file__).parent.parent / "demonstration" / "house_policy.toml"
HOUSE = "Example Voice, Inc. (demonstration)"
# No secret: the demonstration's store listens on loopback alone.
STORE_KEY = "demonstration"
MAX_UPLOAD = 32 * 1024 * 1024


def demonstration(folder: Path, *, endpoint: str, public_url: str) -> Settings:
    """Settings for a desk in this folder, whose store answers at `endpoint`."""
    return Settings(
        database_url=f"sqlite:///{folder / 'desk.db'}",
        store_endpoint=endpoint,
        store_region="us-east-1",
        store_access_key=STORE_KEY,
        store_secret_key=STORE_KEY,
        recordings_bucket="recordings",
        vault_bucket="vault",
        secret_key=secrets.token_urlsafe(48),
        keys=str(folder / "keys"),
        spool=str(folder / "spool"),
        scratch=str(folder / "scratch"),
        house_name=HOUSE,
        house_address=("1 Speaker Row", "Port Sorrel, CA 90001", "United States"),
        place="Port Sorrel, California",
        zone="America/Los_Angeles",
        bates_prefix="EXV",
        public_url=public_url,
        log_origin="example-voice.example/disclosure-log",
        house_policy=str(POLICY),
        link_days=14,
        max_upload=MAX_UPLOAD,
        tsa_url=DEMONSTRATION,
    )
