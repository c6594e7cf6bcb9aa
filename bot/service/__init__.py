"""The use cases: what both doors (Discord and the terminal) let a person do. Knows neither door."""
