"""Where results are kept: a folder, or a bucket of anything that speaks S3.

    <report id>/<file name>              a finished file
    parts/<report id>/<listing>/<…>      what a report that is being made has read so far
    audit/<day>/<process>-<n>.jsonl      lines of the audit trail, which are never swept away

What is put appears whole or not at all. obstore reads AWS_… variables of the environment where it
is not told otherwise; keys come from the settings alone, so it is told everything.
"""

import asyncio
import logging
import re
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, S3Store

from shop.errors import ResultMissing, ResultsUnavailable
from shop.reports.writing.disk import NO_ROOM, no_room
from shop.settings import Bucket, Settings

if TYPE_CHECKING:
    from obstore.store import S3Credential

PARTS = "parts"
AUDIT = "audit"

UPLOADED_AT_ONCE = 3
"""Pieces of 5 MiB that are in memory while a file is uploaded."""

CHUNK_BYTES = 256 * 1024

REFUSED = (PermissionDeniedError, UnauthenticatedError, PermissionError)

log = logging.getLogger(__name__)


class ResultStream:
    """A file on its way out: `async for chunk in stream`. `size` is all of it, in bytes."""

    def __init__(self, path: str, size: int, chunks: AsyncIterable[bytes]) -> None:
        self.size = size
        self._path = path
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _failures_named(self._path):
            async for chunk in self._chunks:
                yield bytes(chunk)


class Results:
    """The result store. Paths have parts between slashes, as above.

    Every method raises ResultsUnavailable where the store is away, full or closed to us.
    """

    def __init__(self, store: LocalStore | S3Store) -> None:
        self._store = store
        self._folder = store.prefix if isinstance(store, LocalStore) else None

    async def put(self, path: str, body: bytes) -> None:
        """Keep some bytes, in place of what may be there."""
        with _failures_named():
            await obstore.put_async(self._store, path, body, use_multipart=False)

    async def put_file(self, path: str, local: Path) -> None:
        """Keep a copy of a file of any size; it is never in memory whole."""
        with _failures_named():
            if self._folder:
                await asyncio.to_thread(_copy, local, self._folder / path)
            else:
                await obstore.put_async(self._store, path, local, max_concurrency=UPLOADED_AT_ONCE)

    async def get(self, path: str) -> bytes:
        """What is kept.

        Raises:
            ResultMissing: there is nothing.
        """
        with _failures_named(path):
            found = await obstore.get_async(self._store, path)
            return bytes(await found.bytes_async())

    async def stream(self, path: str) -> ResultStream:
        """What is kept, piece by piece.

        Raises:
            ResultMissing: there is nothing.
        """
        with _failures_named(path):
            found = await obstore.get_async(self._store, path)
            return ResultStream(path, found.meta["size"], found.stream(CHUNK_BYTES))

    async def names(self, prefix: str) -> list[str]:
        """The paths of all that is kept below a prefix of whole parts, sorted."""
        return sorted([path for path, _ in await self._below(prefix)])

    async def delete(self, prefix: str) -> None:
        """Remove all that is kept below a prefix of whole parts; there may be nothing."""
        if not prefix.strip("/"):
            raise ValueError("everything is never deleted at once")
        paths = await self.names(prefix)
        with _failures_named():
            try:
                await obstore.delete_async(self._store, paths)
            except FileNotFoundError:
                return  # somebody else is removing them
        if self._folder:
            # What a process left unfinished when it died is never listed.
            await asyncio.to_thread(shutil.rmtree, self._folder / prefix, ignore_errors=True)

    async def sweep(self, kept: Collection[str], *, older_than: float) -> int:
        """Remove finished files and parts of reports that are not kept.

        Args:
            kept: ids of reports whose results stay.
            older_than: unix seconds; what is younger stays too.

        Returns:
            How many reports had something removed.
        """
        folders = [f for f in await self.folders() if f not in (PARTS, AUDIT)]
        folders += await self.folders(PARTS)
        swept = set()
        for folder in folders:
            report_id = folder.rpartition("/")[2]
            if report_id not in kept and await self._youngest(folder) < older_than:
                await self.delete(folder)
                swept.add(report_id)
        return len(swept)

    async def with_parts(self) -> set[str]:
        """Ids of the reports of which finished ranges are kept."""
        return {folder.rpartition("/")[2] for folder in await self.folders(PARTS)}

    async def folders(self, prefix: str | None = None) -> list[str]:
        """The paths of the folders right below a prefix, or at the top."""
        with _failures_named():
            listed = await obstore.list_with_delimiter_async(self._store, prefix)
        return list(listed["common_prefixes"])

    async def _youngest(self, prefix: str) -> float:
        """When something was last put there, in unix seconds."""
        times = [changed for _, changed in await self._below(prefix)]
        if self._folder and not times:
            with _failures_named():
                return (self._folder / prefix).stat().st_mtime
        return max(times, default=0.0)

    async def _below(self, prefix: str) -> list[tuple[str, float]]:
        with _failures_named():
            found = await obstore.list(self._store, prefix).collect_async()
        return [(entry["path"], entry["last_modified"].timestamp()) for entry in found]


def open_results(settings: Settings) -> Results:
    """The store that the settings name; a folder is made where it is missing.

    Raises:
        ResultsUnavailable: the folder cannot be made. A bucket is first spoken to when used.
    """
    place = settings.results
    if isinstance(place, Bucket):
        return Results(_bucket(place))
    with _failures_named():
        return Results(LocalStore(place, mkdir=True, automatic_cleanup=True))


def _bucket(place: Bucket) -> S3Store:
    endpoint = place.endpoint or f"https://s3.{place.region}.amazonaws.com"

    def keys() -> "S3Credential":
        return {
            "access_key_id": place.access_key,
            "secret_access_key": place.secret_key,
            "expires_at": None,
        }

    return S3Store(
        place.name,
        prefix=place.prefix or None,
        region=place.region,
        endpoint=endpoint,
        aws_endpoint_url_s3=endpoint,
        credential_provider=keys,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=5),
            "read_timeout": timedelta(seconds=30),
            "timeout": timedelta(hours=1),  # of a whole download
        },
        retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=30)},
    )


def _copy(local: Path, place: Path) -> None:
    """Copy by the system, not through memory; what is at the place is whole at any time.

    While it is written its name ends as obstore's own unfinished files do, which it never lists.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f"{place.name}#1")
    try:
        shutil.copyfile(local, unfinished)
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _failures_named(path: str | None = None) -> Iterator[None]:
    """Turn whatever the store raises into an error of ours; `path` is what is looked for."""
    try:
        yield
    except FileNotFoundError as error:
        if path is not None and "NoSuchBucket" not in str(error):
            raise ResultMissing(path) from error
        raise _unavailable(error) from error
    except (BaseError, OSError) as error:
        raise _unavailable(error) from error


def _unavailable(error: Exception) -> ResultsUnavailable:
    told = str(error).partition("\n")[0]
    log.warning("the result store failed: %s", told)
    number = re.search(r"\(os error (\d+)\)", told)
    if number and int(number[1]) in NO_ROOM:
        return no_room()
    if isinstance(error, REFUSED) or re.search(r"status code: 40[13]\b", told):
        return ResultsUnavailable("The place where results are kept does not let us in.")
    if "NoSuchBucket" in str(error):
        return ResultsUnavailable("The bucket where results are kept does not exist.")
    return ResultsUnavailable("The place where results are kept cannot be reached.")
