"""Cases whose wanted results were recorded from Apache Velocity Engine 2.4.1: `python -m tests.conformance`."""
