"""For schemathesis: every request that names a valid idempotency key names one of its own.

A key that was used for another request is refused (422), which no schema can say; generated keys
are alike far too often.
"""

import itertools
import re

import schemathesis

KEY = "Idempotency-Key"
numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    given = (case.headers or {}).get(KEY)
    if not isinstance(given, str) or not re.fullmatch(r"[A-Za-z0-9_-]{8,100}", given):
        return
    parameter = str(getattr(case.meta.phase.data, "parameter", "")) if case.meta else ""
    # A case whose point is that this header is missing would be taken for one that lacks nothing.
    if parameter.lower() != "authorization":
        case.headers[KEY] = f"fuzz-{next(numbers):012d}"
