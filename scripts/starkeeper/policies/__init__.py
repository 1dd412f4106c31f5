"""From YAML to checked rules: every value keeps its file, line and column, and all mistakes are found at once."""
