"""From where on a reading is a warning. The one place; each with its reason."""

DISK_PERCENT = 90.0
"""ext4 keeps 5 % for root by default, and log rotation needs room to compress: above it every minute counts."""

INODES_PERCENT = 90.0
"""The same margin as for bytes: running out of inodes stops writes just as hard."""

MEMORY_AVAILABLE_PERCENT = 10.0
"""Below it the page cache is nearly gone and Linux starts to reclaim; what follows is swap or the OOM killer."""

LOAD_PER_CORE = 1.5
"""Over five minutes, since one minute may be a cron job: half as much work again as the cores can do, so all waits."""

RECENT_CRASH_MINUTES = 15
"""A container that runs at this moment counts as crashing if it ended badly within this time: Kubernetes waits at most
5 minutes between restarts and forgives after 10 minutes without a crash."""
