"""One request to GitLab: sent by the client of its thread, asked again where that is safe, its errors put in words."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any, TypeVar

import gitlab
import msgspec
import requests

from starkeeper.connectors import pacing
from starkeeper.connectors.gitlab import refusals
from starkeeper.connectors.gitlab.asks import SERVICE, Ask, next_query
from starkeeper.errors import ConnectorError
from starkeeper.settings import Secret

_LOG = logging.getLogger("starkeeper.gitlab")

A = TypeVar("A")
B = TypeVar("B")


class Client:
    """Sends requests for any thread, and runs many side by side. Each thread has a python-gitlab client of its own."""

    def __init__(
        self,
        url: str,
        token: Secret,
        *,
        workers: int,
        timeout_seconds: float,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.url = url.rstrip("/")
        self.counts: Counter[str] = Counter()
        self.sleep = sleep
        self.monotonic = monotonic
        self._token = token
        self._workers = workers
        self._timeout_seconds = timeout_seconds
        self._brake = pacing.Brake(workers, monotonic, sleep)
        self._lock = threading.Lock()
        self._local = threading.local()
        self._failed_in_a_row = 0
        self._got_through = False
        self._sessions: list[requests.Session] = []
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="gitlab")

    def request(self, ask: Ask) -> requests.Response:
        """The answer, 2xx: JSON, or 204 and nothing.

        Raises ConnectorError; `lost` there says that a write may have taken effect.
        Waits and asks again on 429, and where `ask.repeat` allows it on passing troubles of server and network.
        """
        tried = 0
        while True:
            tried += 1
            self._brake.wait()
            result = self._send(ask)
            if isinstance(result, requests.Response):
                self._failed_in_a_row, self._got_through = 0, True
                return result
            if not result.again:
                raise result.error
            if tried >= self._tries(ask, result):
                self._failed_in_a_row += 1
                raise result.error
            self._wait(ask, result, tried)

    def follow(self, ask: Ask) -> Iterator[requests.Response]:
        """Every page of a list, one by one, as long as GitLab names a next one: a short page says nothing."""
        query, seen = dict(ask.query), set()
        while True:
            answer = self.request(msgspec.structs.replace(ask, query=query))
            yield answer
            following = next_query(answer)
            if not following:
                return
            query |= following
            if (mark := tuple(sorted(query.items()))) in seen:
                raise ConnectorError(SERVICE, ask.about, "the pages go round in a circle", "run again later")
            seen.add(mark)

    def side_by_side(self, work: Callable[[A], B], items: Iterable[A]) -> Iterator[tuple[A, B]]:
        """Each item with what the work made of it, as they get ready; the first error ends it and drops the rest."""
        futures: dict[Future[B], A] = {self._pool.submit(work, item): item for item in items}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """Ends threads and connections."""
        self._pool.shutdown(cancel_futures=True)
        for session in self._sessions:
            session.close()

    def _tries(self, ask: Ask, refusal: refusals.Refusal) -> int:
        """Fewer while nothing gets through: each request of a long list must not take all its tries, and an address
        from which no answer ever came is told soon."""
        if self._failed_in_a_row >= self._workers:
            return 1
        return ask.tries if self._got_through or refusal.reached else min(ask.tries, 2)

    def _wait(self, ask: Ask, refusal: refusals.Refusal, tried: int) -> None:
        asked = refusal.wait_seconds
        if asked is not None and asked > pacing.LONGEST_WAIT_SECONDS:
            raise refusals.too_long(ask, asked, refusal)
        self.sleep(max(pacing.backoff(tried), 0 if asked is None else asked + pacing.jitter()))

    def _send(self, ask: Ask) -> requests.Response | refusals.Refusal:
        with self._lock:
            self.counts[ask.kind] += 1
        try:
            answer = self._answer(ask)
        except (requests.RequestException, ValueError) as trouble:
            return refusals.from_silence(ask, trouble)
        self._brake.see(answer.headers)
        _LOG.debug("%s %s: %s", ask.verb.upper(), ask.path, answer.status_code)
        if not answer.ok or answer.status_code >= 300:
            return refusals.from_answer(ask, answer, bool(self._token))
        if answer.status_code != 204 and "json" not in answer.headers.get("Content-Type", ""):
            return refusals.Refusal(refusals.no_json(ask, answer))
        return answer

    def _answer(self, ask: Ask) -> requests.Response:
        """The raw answer of any status. python-gitlab's own retries are off: they repeat POSTs and wait without end."""
        local = self._local
        if not hasattr(local, "gitlab"):
            self._make_client()
        # Its error has no headers, and the wait that GitLab asks for stands there.
        try:
            answer: requests.Response = local.gitlab.http_request(
                ask.verb,
                ask.path,
                query_data=dict(ask.query),
                post_data=ask.body,
                obey_rate_limit=False,
                retry_transient_errors=False,
                max_retries=0,
            )
        except gitlab.exceptions.GitlabError:
            return self._last()
        except requests.TooManyRedirects:
            return self._last()
        return answer

    def _make_client(self) -> None:
        local, session = self._local, requests.Session()
        # A redirect would carry the token to wherever it points.
        session.max_redirects = 0
        session.hooks["response"].append(self._remember)
        local.gitlab = gitlab.Gitlab(
            self.url,
            private_token=self._token.reveal() or None,
            timeout=self._timeout_seconds,
            keep_base_url=True,
            session=session,
        )
        with self._lock:
            self._sessions.append(session)

    def _remember(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        self._local.last = answer

    def _last(self) -> requests.Response:
        last: requests.Response = self._local.last
        return last
