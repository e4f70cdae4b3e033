"""Other engines on the same cases: `python -m tests.conformance.peers` records what each agrees with."""
