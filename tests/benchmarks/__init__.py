"""How long the language takes beside other engines: `python -m tests.benchmarks`, one run, one machine, ratios."""
