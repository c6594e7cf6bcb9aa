"""Discord: commands, the one button router, rendering. The only folder that imports discord."""
