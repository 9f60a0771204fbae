"""Test doubles for users of toolace: a backend that follows a script, and an OpenAI-compatible server on this machine.

The server answers from the simulator over real HTTP, with chosen latency and faults; see `python -m toolace.testing
--help`.
"""

from toolace.testing.faults import FAULTS, Faults
from toolace.testing.roles import roles
from toolace.testing.scripted import ScriptedBackend
from toolace.testing.server import Behaviour, LoopbackServer

__all__ = ["FAULTS", "Behaviour", "Faults", "LoopbackServer", "ScriptedBackend", "roles"]
