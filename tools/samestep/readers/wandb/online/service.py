"""One W&B server, asked through W&B's own client: each call within the deadline or refused."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from samestep.errors import Unreachable
from samestep.progress import tell
from samestep.readers.wandb.keys import may_have_wandb_key
from samestep.readers.wandb.online.nodes import entries, table
from samestep.readers.wandb.online.process import ClientProcess, Ended, Reply, client_process
from samestep.readers.wandb.online.refusals import CREDENTIALS, Failure, no_key, refusal

MOST_TRIES = 2
"""Calls made of one that fails on the server's side; the client makes each attempt twice."""
AGAIN = "The next call starts the client again."
DEFAULT = "the default server"
HOSTED = "https://api.wandb.ai"
"""The server that W&B's client asks where nothing names another."""
SHORTEST_CALL = 0.5  # seconds that must be left for another try


@dataclass(slots=True)
class Service:
    """A server and the key to it; counts how often it asked to wait."""

    environment: Mapping[str, str] = field(repr=False)
    deadline: float
    """Seconds that one call may take, whatever is tried again meanwhile."""
    rate_limits: int = 0
    """How often the server refused a request because there were too many."""

    @property
    def host(self) -> str:
        """The server's address, without credentials."""
        named = self._host or self._default()
        return CREDENTIALS.sub("", named)

    def _default(self) -> str:
        """Return the server that the client asks where none is named."""
        with suppress(Ended):
            reply = client_process(self.environment).ask("server", self.deadline)
            return str(reply.get("ok") or DEFAULT)
        return DEFAULT

    @property
    def _host(self) -> str | None:
        return self.environment.get("WANDB_BASE_URL") or None

    @property
    def _key(self) -> str | None:
        return self.environment.get("WANDB_API_KEY") or None

    def call(self, what: str, name: str, **arguments: object) -> object:
        """Make one call and return what it gives.

        Args:
            what: What is being read, for the refusal.
            name: The worker's name of the call.
            arguments: The call's own arguments.

        Raises:
            NotAllowed: The server refuses the key, or there is none.
            Unreachable: It does not answer in time, or answers with errors.
            NotReadable: It answers that there is nothing of the kind.
        """
        self._refuse_without_key(what)
        process = self._process(what)
        end = time.monotonic() + self.deadline
        tries = 1
        while True:
            left = end - time.monotonic()
            reply = self._asked(process, what, name, left, arguments)
            if "error" not in reply:
                self._count(entries(reply.get("retries")))
                return reply.get("ok")
            failure = Failure.of(table(reply["error"]), self._key)
            self._count(failure.retries)
            again = failure.is_rate_limit or (failure.is_passing and tries < MOST_TRIES)
            if not again or end - time.monotonic() < SHORTEST_CALL:
                raise refusal(failure, what, self.host, self.deadline)
            tries += 1

    def graphql(self, what: str, query: str, variables: Mapping[str, object]) -> object:
        """Return what a query gives; see `call` for the refusals."""
        return self.call(what, "graphql", query=query, variables=variables)

    def end(self, name: str, **arguments: object) -> None:
        """Make a call that ends something; where it cannot be made, there is nothing to end."""
        with suppress(Ended):
            client_process(self.environment).ask(
                name, self.deadline, host=self._host, key=self._key, **arguments
            )

    def _refuse_without_key(self, what: str) -> None:
        """Refuse where there is no key: starting the client to hear it takes seconds."""
        if not may_have_wandb_key(self.environment):
            raise no_key(what, CREDENTIALS.sub("", self._host or HOSTED))

    def _process(self, what: str) -> ClientProcess:
        try:
            return client_process(self.environment)
        except Ended as error:
            raise Unreachable(what, str(error), AGAIN) from error

    def _asked(
        self,
        process: ClientProcess,
        what: str,
        name: str,
        seconds: float,
        arguments: Mapping[str, object],
    ) -> Reply:
        try:
            return process.ask(name, seconds, host=self._host, key=self._key, **arguments)
        except Ended as error:
            raise Unreachable(what, str(error), AGAIN) from error

    def _count(self, retries: Sequence[object]) -> None:
        limited = retries.count("HTTP 429")
        if limited:
            self.rate_limits += limited
            tell("requests repeated, as W&B limits their rate", self.rate_limits)
