"""Runs looked at once for what they differ in, and the answer that tells it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from samestep.analysis.comparable import Audit, Party, Stand, audit
from samestep.analysis.comparable.shown import shown
from samestep.analysis.seeds import Candidate, SeedGroup, seed_groups
from samestep.analysis.seen import with_epoch_length
from samestep.answers.answer import Caveat
from samestep.answers.configs import ConfigComparison, Parameter, Parameters, Part
from samestep.model import Run
from samestep.questions.caveats.configs import object_caveats
from samestep.questions.caveats.differences import audit_caveats
from samestep.questions.caveats.groups import sibling_caveats
from samestep.questions.caveats.room import ranked
from samestep.questions.caveats.words import LONGEST_NAME, Said, joined, listed
from samestep.questions.config_parts import (
    changes,
    environment,
    lineage,
    parameters,
    seed_settings,
    seeds,
)
from samestep.questions.config_resources import Shared, apart_caveats, costs
from samestep.questions.pages import page
from samestep.questions.siblings import beside
from samestep.questions.sides import KnownSide, known, legend_entry, reading_caveats
from samestep.resolve import Side
from samestep.settings import Project

MOST_CHANGES = 20
MOST_TOLD = 4  # changes named in the reading


@dataclass(frozen=True, slots=True)
class ConfigAudit:
    """The runs of one question with everything found between them."""

    sides: tuple[KnownSide, ...]
    parties: tuple[Party, ...]
    shared: Shared
    audit: Audit
    groups: tuple[SeedGroup, ...]
    apart: tuple[Parameter, ...]
    """The settings that are not the same in all."""
    equal: int
    caveats: tuple[Caveat, ...]

    @classmethod
    def of(cls, asked: Side, project: Project) -> "ConfigAudit":
        """Look at the runs of a question."""
        runs = [with_epoch_length(run) for run in asked.runs]
        sides = tuple(known([Side(run.full_name, (run,)) for run in runs], project))
        parties = tuple(Party.of(one.name, one.runs) for one in sides)
        shared = Shared.of(runs)
        found = audit(parties, _stand(shared))
        apart, equal = parameters(parties)
        groups = tuple(seed_groups(Candidate.of_run(one.runs[0]) for one in sides))
        caveats = _caveats(sides, shared, found, project)
        lost = [Said(caveat) for caveat in reading_caveats([replace(asked, runs=tuple(runs))])]
        told = tuple(ranked([*caveats, *lost]))
        return cls(sides, parties, shared, found, groups, tuple(apart), equal, told)

    @property
    def runs(self) -> list[Run]:
        """The runs, in the order asked."""
        return [side.runs[0] for side in self.sides]

    def answer(self, include: Sequence[Part], most: int, cursor: str | None) -> ConfigComparison:
        """Return one page of the answer, of at most so many settings."""
        shown, following = page(self.apart, most, cursor) if self.apart else ([], None)
        names = {str(side.runs[0].ref): side.name for side in self.sides}
        with_settings = "parameters" in include
        x_from = _x_from(self.shared, self.runs)
        changed = self.audit.changed
        return ConfigComparison(
            answer_id="",
            runs=[legend_entry(side, "run", x_from) for side in self.sides],
            caveats=list(self.caveats),
            reading=self._reading(),
            parameters=Parameters(equal=self.equal, differing=shown) if with_settings else None,
            lineage=lineage(self.parties) if "lineage" in include else None,
            environment=environment(self.parties) if "environment" in include else None,
            resources=costs(self.runs, self.shared) if "resources" in include else None,
            changed=changes(changed[:MOST_CHANGES], self.parties),
            changed_left=max(0, len(changed) - MOST_CHANGES),
            groups=seeds(self.groups, names),
            parameters_left=len(self.apart) - int(following) if with_settings and following else 0,
            next_cursor=following if with_settings else None,
        )

    def _reading(self) -> str:
        names, changed = joined([side.name for side in self.sides]), self.audit.changed
        told = [_quoted(fact.subject) for fact in changed]
        if len(changed) > 1:
            return (
                f"{names} differ in {len(changed)} things: {listed(told, MOST_TOLD)}. "
                "None of them can be named as the difference."
            )
        if changed:
            return f"One thing differs between {names}: {told[0]} ({changed[0].origin})."
        if any(group.by and len(group.members) == len(self.sides) for group in self.groups):
            return f"{names} are equal in everything but the seed."
        own_seeds = seed_settings(self.parties)
        if own_seeds:
            told_seeds = listed([_quoted(key) for key in own_seeds], MOST_TOLD)
            return f"Only the seed is recorded to differ between {names}: {told_seeds} (config)."
        if any(finding.kind == "no config" for finding in self.audit.findings):
            return f"What changed between {names} is not recorded."
        return f"Nothing that is recorded of {names} differs."


def _stand(shared: Shared) -> Stand | None:
    if shared.chosen is None or shared.x is None:
        return None
    return Stand(shared.chosen.name, shared.chosen.axes, shared.x)


def _caveats(
    sides: Sequence[KnownSide], shared: Shared, found: Audit, project: Project
) -> list[Said]:
    """Return everything the audit found, and what may be compared as seeds."""
    names, runs = [side.name for side in sides], [side.runs[0] for side in sides]
    return [
        *apart_caveats(runs, names, shared),
        *audit_caveats(names, found.findings),
        *object_caveats(runs),
        *sibling_caveats(sides, beside(runs, project)),
    ]


def _x_from(shared: Shared, runs: Sequence[Run]) -> dict[str, str]:
    axes = shared.axes
    return {str(run.ref): axes[str(run.ref)].rule if axes else "" for run in runs}


def _quoted(subject: str) -> str:
    """Return a name that others chose between quotation marks of its own."""
    return f"`{shown(subject, LONGEST_NAME).replace('`', ' ')}`"
