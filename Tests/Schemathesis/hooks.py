"""What the description of the sidecar cannot say in JSON Schema, told to Schemathesis."""

import datetime

import schemathesis
from hypothesis import strategies

# An event may not be dated far ahead of the clock.
moments = strategies.datetimes(
    min_value=datetime.datetime(1970, 1, 1),
    max_value=datetime.datetime(2025, 1, 1),
    timezones=strategies.just(datetime.timezone.utc),
)
schemathesis.openapi.format("date-time", moments.map(lambda moment: moment.isoformat()))


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """Any bytes are lines; what is wrong with one is told in its place."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.hook
def filter_case(context, case):
    """The lengths of ids are counted in bytes, and nothing is no line that is wrong."""
    if case.media_type == "application/x-ndjson" and case.body is None:
        return False
    return not any(len(text) <= 128 < len(text.encode("utf-8", "surrogatepass")) for text in identifiers(case))


@schemathesis.hook
def before_call(context, case, kwargs):
    """An event does not take itself back, the key that a request names is its event's id, and integers have no fraction."""
    case.body = written(case.body)
    texts = identifiers(case)
    if len(set(texts)) < len(texts):
        case.body = {name: value for name, value in case.body.items() if name not in ("reverses", "amends")}
    if case.headers and "idempotency-key" in case.headers and texts:
        if texts[0].isascii() and texts[0].isprintable() and texts[0].strip() == texts[0]:
            case.headers["idempotency-key"] = texts[0]
        else:
            del case.headers["idempotency-key"]


def identifiers(case):
    """The ids in an event, its own first; none where the body is no event."""
    if not isinstance(case.body, dict):
        return []
    found = [case.body.get(name) for name in ("id", "reverses", "amends")]
    return [str(value) for value in found if isinstance(value, (str, int)) and not isinstance(value, bool)]


def written(value):
    """JSON Schema takes 1.0 for an integer; an event's integers are written without a fraction."""
    if isinstance(value, dict):
        return {name: written(member) for name, member in value.items()}
    if isinstance(value, list):
        return [written(element) for element in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
