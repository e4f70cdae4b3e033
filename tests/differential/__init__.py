"""Random templates, in velobind and in the genuine engine: `python -m tests.differential --n 5000 --seed 1`."""
