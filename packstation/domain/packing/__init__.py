"""The packing session: ``decide`` what an input means, ``evolve`` by its facts."""

from packstation.domain.packing.decide import decide
from packstation.domain.packing.evolve import evolve, fold
from packstation.domain.packing.session import IDLE, Session, State

__all__ = ["IDLE", "Session", "State", "decide", "evolve", "fold"]
