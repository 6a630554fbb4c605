"""What one read asks a server."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from samestep.readers.mlflow.server.answers import Fields, text
from samestep.readers.mlflow.server.connection import Connection, Request
from samestep.readers.mlflow.server.repeats import Repeated

MOST_PAGES = 10_000


@dataclass(slots=True)
class Inquiry:
    """What one read asks a server, and what of it had to be asked again."""

    connection: Connection
    _repeated: list[Repeated] = field(default_factory=list[Repeated])

    @property
    def losses(self) -> tuple[str, ...]:
        """A sentence where the server had to be asked again, with counts."""
        if not self._repeated:
            return ()
        reasons = Counter(one.reason for one in self._repeated)
        named = ", ".join(f"{reason} {_times(count)}" for reason, count in sorted(reasons.items()))
        waited = sum(one.pause for one in self._repeated)
        return (f"the server had to be asked again ({named}), after {waited:.1f} s of waiting",)

    def ask(self, request: Request) -> Fields:
        """Return the answer to a request.

        Raises:
            NotReadable: See `Connection.ask`.
        """
        return self.connection.ask(request, self._repeated)

    def pages(self, request: Request) -> Iterator[Fields]:
        """Yield the answers to a request page by page, each asked for by the last one's token.

        Raises:
            NotReadable: See `Connection.ask`; or the pages have no end.
        """
        tokens: set[str] = set()
        page = request
        for _ in range(MOST_PAGES):
            answer = self.ask(page)
            yield answer
            token = text(answer.get("next_page_token"))
            if token is None:
                return
            if token in tokens:
                break
            tokens.add(token)
            page = replace(request, asked={**request.asked, "page_token": token})
        raise self.connection.refusals.endless(request.path)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
