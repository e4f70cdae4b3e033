"""`python -m tests.conformance [-v]`: the table of the recorded cases per area."""

import sys

from tests.conformance.report import main

sys.exit(main())
