"""Where something still stands: in any value of Redis, or in any file of a copy of the shop."""

import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from redis import Redis

READERS = {
    b"none": lambda *_: None,  # gone since it was listed
    b"string": lambda redis, key: redis.get(key),
    b"hash": lambda redis, key: redis.hgetall(key),
    b"list": lambda redis, key: redis.lrange(key, 0, -1),
    b"set": lambda redis, key: redis.smembers(key),
    b"zset": lambda redis, key: redis.zrange(key, 0, -1, withscores=True),
    b"stream": lambda redis, key: redis.xrange(key),
}


def places_in_redis(redis_url: str, pattern: re.Pattern[bytes]) -> list[str]:
    """The keys whose name or value has it; jobs are packed, and are unpacked for this."""
    with Redis.from_url(redis_url) as redis:
        values = {key: READERS[redis.type(key)](redis, key) for key in redis.keys("*")}
    return sorted(
        key.decode()
        for key, value in values.items()
        if any(pattern.search(part) for part in (key, *_parts(value)))
    )


def places_in_files(folder: Path, pattern: re.Pattern[bytes], *but: str) -> list[str]:
    """The files whose name or content has it, but for those folders and files."""
    walked = os.walk(folder)  # which passes over what workers remove meanwhile
    found = [Path(place, name) for place, _, names in walked for name in names]
    files = {file.relative_to(folder): file for file in found if file.is_file()}
    return sorted(
        str(path)
        for path, file in files.items()
        if path.parts[0] not in but
        and any(pattern.search(part) for part in (str(path).encode(), _content(file)))
    )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # gone since it was listed
        return b""


def _parts(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
        try:
            yield zlib.decompress(value)
        except zlib.error:
            return
    elif isinstance(value, dict):
        yield from _parts([*value.items()])
    elif isinstance(value, (list, set, tuple)):
        for part in value:
            yield from _parts(part)
