"""For tests of templates: a pytest plugin (`plugin`), and snapshots of messages as files (`snapshots`, with syrupy)."""
