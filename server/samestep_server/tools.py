"""Each question as an MCP tool: its schema, its arguments checked, its answer in both forms."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast, get_type_hints

from mcp.types import CallToolResult, TextContent, ToolAnnotations
from mcp.types import Tool as ToolDescription

from samestep.answers.answer import Answer
from samestep.errors import SamestepError
from samestep.questions.checked import answered, arguments_of
from samestep.settings import Project

NULL = {"type": "null"}
READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


@dataclass(frozen=True)
class QuestionTool:
    """One question, asked through MCP."""

    question: Callable[..., Answer]
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.question.__name__)

    def description(self) -> ToolDescription:
        """Return the tool as a client lists it: one paragraph, a compact schema."""
        document = inspect.getdoc(self.question) or ""
        answer = get_type_hints(self.question)["return"]
        return ToolDescription(
            name=self.name,
            description=" ".join(document.split("\n\nRaises:")[0].split()),
            input_schema=_compact(arguments_of(inspect.unwrap(self.question)).model_json_schema()),
            output_schema=answer.model_json_schema(mode="serialization"),
            annotations=READ_ONLY,
        )

    def ask(self, arguments: Mapping[str, object], project: Project) -> CallToolResult:
        """Answer with structured content and the same as Markdown, or refuse in words."""
        try:
            given = {name: value for name, value in arguments.items() if value is not None}
            answer = answered(inspect.unwrap(self.question), given, project)
        except SamestepError as refusal:
            return CallToolResult(content=[TextContent(text=str(refusal))], is_error=True)
        return CallToolResult(
            content=[TextContent(text=answer.to_markdown())],
            structured_content=answer.model_dump(mode="json"),
        )


def _compact(schema: dict[str, object]) -> dict[str, object]:
    """Return an object's schema without what only costs a model tokens: titles, and null for unset.

    An optional argument may be left out; null is still taken, and need not be offered.
    """
    return cast("dict[str, object]", _plain(schema))


def _plain(part: object, *, named: bool = False) -> object:
    """Return a part of a schema; in a `named` part the keys are names of fields, not keywords."""
    if isinstance(part, list):
        return [_plain(value) for value in cast("list[object]", part)]
    if not isinstance(part, dict):
        return part
    entries = cast("dict[str, object]", part)
    kept = entries if named else _without_null({k: v for k, v in entries.items() if k != "title"})
    return {
        key: _plain(value, named=not named and key in {"properties", "$defs"})
        for key, value in kept.items()
    }


def _without_null(keywords: dict[str, object]) -> dict[str, object]:
    """Return an optional argument's keywords as those of the type it takes when it is given."""
    if keywords.get("default", ...) is not None:
        return keywords
    branches = [b for b in cast("list[object]", keywords.get("anyOf", [])) if b != NULL]
    kept = {key: value for key, value in keywords.items() if key not in {"default", "anyOf"}}
    if len(branches) == 1:
        return {**cast("dict[str, object]", branches[0]), **kept}
    return {**kept, "anyOf": branches} if branches else kept
