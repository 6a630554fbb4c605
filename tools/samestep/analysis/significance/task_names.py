"""Tasks that names of runs spell: environments whose names are fixed by who made them."""

import re
from collections.abc import Sequence

from samestep.analysis.significance.factors import name_parts
from samestep.model import Run

CONTROL_BODIES = (
    r"acrobot|ball[-_]in[-_]cup|cartpole|cheetah|cup|dog|finger|fish|hopper|humanoid(?:[-_]cmu)?"
    r"|manipulator|pendulum|point[-_]mass|quadruped|reacher|stacker|swimmer|walker"
)
CONTROL_TASKS = (
    r"balance|bring|catch|easy|escape|fetch|flip|hard|hop|reach|run|spin|stack|stand|swim|swingup"
    r"|trot|turn|upright|walk"
)
GYMNASIUM = (
    r"cartpole|acrobot|mountaincar|pendulum|lunarlander|bipedalwalker|carracing|blackjack"
    r"|frozenlake|cliffwalking|taxi|ant|halfcheetah|hopper|humanoid|humanoidstandup|pusher|reacher"
    r"|inverted(?:double)?pendulum|swimmer|walker2d|minigrid-[\w-]+"
)
ATARI = (
    r"alien|amidar|assault|asterix|asteroids|battle_?zone|beam_?rider|bowling|boxing|breakout"
    r"|crazy_?climber|demon_?attack|enduro|freeway|frostbite|gopher|kangaroo|krull|kung_?fu_?master"
    r"|montezuma_?revenge|ms_?pacman|pitfall|pong|private_?eye|q_?bert|river_?raid|road_?runner"
    r"|seaquest|space_?invaders|up_?n_?down|zaxxon"
)
TASK = re.compile(
    rf"(?:dmc?[-_])?(?:{CONTROL_BODIES})[-_](?:{CONTROL_TASKS})(?:[-_](?:sparse|hard|easy))?"
    r"|mw-[a-z][a-z-]*"  # Meta-World
    rf"|(?:{GYMNASIUM})(?:continuous|hardcore|(?:py)?bullet|env)*-v\d+(?:_\d+)?"
    rf"|(?:{ATARI})(?:(?:noframeskip|deterministic)?-v\d+(?:_\d+)?)?",
    re.IGNORECASE,
)


def tasks_spelled(runs: Sequence[Run]) -> set[str] | None:
    """Return the tasks that the names of runs spell, in lower case; None where one spells none."""
    spelled = [_spelled(run) for run in runs]
    known = {task for task in spelled if task is not None}
    return known if spelled and None not in spelled else None


def _spelled(run: Run) -> str | None:
    parts = (part for whole in name_parts(run) for part in whole.split("__"))
    return next((part.lower() for part in parts if TASK.fullmatch(part)), None)
