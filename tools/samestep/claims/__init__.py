"""Prose held against the protocol's rules and the recorded answers."""

from samestep.claims.check import Checked, Claim, check

__all__ = ["Checked", "Claim", "check"]
