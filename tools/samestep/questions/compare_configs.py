"""What differs between runs, and which of it may have made a difference."""

from samestep.answers.answer import MOST_LEGEND_ENTRIES
from samestep.answers.configs import PARTS, ConfigComparison
from samestep.errors import BadArgument
from samestep.questions.arguments import Cursor, Parts, Runs
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.questions.pages import fitting
from samestep.resolve import Lookup
from samestep.settings import Project
from samestep.validator import validate

FEWEST_RUNS = 2
ROWS = 60  # settings of a page


@checked
def compare_configs(
    runs: Runs,
    include: Parts = None,
    cursor: Cursor = None,
    *,
    project: Project | None = None,
) -> ConfigComparison:
    """Tell what differs between runs: settings, code, data, environment, cost; seeds are grouped.

    `changed` lists what may have made a difference: only a single change may be named as it.

    Raises:
        SamestepError: A run that is not there, an ambiguous name, fewer than two runs.
    """
    from samestep.questions.config_audit import ConfigAudit

    asked_in = project or Project.here()
    side = Lookup(asked_in).side(runs)
    if not FEWEST_RUNS <= len(side.runs) <= MOST_LEGEND_ENTRIES:
        takes = f"two to {MOST_LEGEND_ENTRIES} runs; these are {len(side.runs)}"
        raise BadArgument("runs", runs, takes)
    found = ConfigAudit.of(side, asked_in)

    def of_page(most: int) -> ConfigComparison:
        return found.answer(include or PARTS, most, cursor)

    return validate(identified(fitting(of_page, ROWS), "cfg"))
