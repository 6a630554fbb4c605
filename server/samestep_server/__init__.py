"""The faces of samestep: MCP and the terminal."""
