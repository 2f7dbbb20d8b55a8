"""The engines by the names `--engine` takes."""

from missent.archive.scan.pool import Engine, Pool
from missent.errors import ConfigError


def engine_of(text: str) -> Engine:
    """`local`, `local:4`, `dask` or `dask:tcp://host:8786`. Raises ConfigError for any other, or if Dask is not installed."""
    name, _, rest = text.partition(":")
    if name == "local" and (not rest or rest.isdigit()):
        return Pool(int(rest or 0))
    if name == "dask":
        from missent.archive.scan.cluster import Cluster

        cluster: Engine = Cluster(rest)
        return cluster
    raise ConfigError(f"--engine is {text!r}, expected local, local:PROCESSES, dask or dask:ADDRESS")
