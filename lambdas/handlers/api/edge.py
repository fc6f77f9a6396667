"""The layer between the routes and HTTP: time limits of a request, and the form of an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from jobview.http import gateway
from jobview.query.answer import Answer
from jobview.query.live import Freshness

LONGEST_READ = 24.0
"""The most seconds for live reads: an HTTP API gives up after 30."""
LONGEST_DETAIL = 8.0
"""The seconds after which a live read of lists stops getting single jobs."""
MARGIN = 3.0
"""The seconds reserved for the store and the answer."""
ANSWERING = 1.0
"""The seconds of these that are reserved for building the answer, after everything is read."""

LONGEST_LINK = 6000
"""The longest link in a header: API Gateway refuses headers above 10 kB. The body has the token anyway."""

F = TypeVar("F", bound=Callable[..., Response[Any]])


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A resolver, and what its routes share."""

    app: APIGatewayHttpResolver
    monotonic: Callable[[], float]
    """The clock of the deadlines, in seconds."""

    def get(self, path: str, *, operation: str, summary: str, tag: str, description: str = "") -> Callable[[F], F]:
        """Register a route for GET."""
        decorate: Callable[[F], F] = self.app.get(
            path,
            operation_id=operation,
            summary=summary,
            description=description or None,
            tags=[tag],
        )
        return decorate

    def freshness(self, max_age: int | None) -> Freshness:
        """The allowed age of an answer, and the deadlines that follow from the function's remaining time."""
        now = self.monotonic()
        end = now + self.app.lambda_context.get_remaining_time_in_millis() / 1000
        left = end - MARGIN - now
        return Freshness(
            max_age=max_age,
            deadline=now + min(left, LONGEST_READ),
            detail_deadline=now + min(left, LONGEST_DETAIL),
            left=lambda: end - ANSWERING - self.monotonic(),
        )

    def send(self, answer: Answer) -> Response[Any]:
        """Turn an answer into HTTP, with entity tag, link to the next page and caching."""
        headers = {}
        if answer.next_token is not None:
            query = self._next_query(answer.next_token)
            if len(query) <= LONGEST_LINK:
                headers["Link"] = f'<?{query}>; rel="next"'
        return gateway.reply(
            self.app,
            answer.body,
            etag=None if answer.etag is None else gateway.weak_etag(answer.etag),
            cache=gateway.REVALIDATE if answer.keep else gateway.NO_STORE,
            headers=headers,
        )

    def _next_query(self, token: str) -> str:
        """The query of the next page. As a relative reference it is correct under every base path and stage."""
        query = self.app.current_event.raw_event.get("rawQueryString") or ""
        kept = [
            (name, value)
            for name, value in parse_qsl(query, keep_blank_values=True)
            if name not in ("nextToken", "maxAge")
        ]
        return urlencode([*kept, ("nextToken", token)])
