"""Programs as tools: one argument list, judged, shown, and run as it was shown."""

from aof.tools.programs.settings import Settings, Verbs
from aof.tools.programs.tool import CommandTool, ShellTool

__all__ = ["CommandTool", "Settings", "ShellTool", "Verbs"]
