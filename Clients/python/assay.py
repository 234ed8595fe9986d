"""Decides events in this process: `libassay.so` through ctypes, nothing to install.

    from assay import Engine

    with Engine("Rules/rewards") as engine:
        decision = engine.decide({"id": "p1", "type": "payout.requested", ...})
        if decision["outcome"] == "allow" and not decision["repeated"]:
            pay()

The library is looked for in ASSAY_LIBRARY, else as `libassay.so.1` where the system looks for libraries. An engine may
be used from many threads: Python's lock is not held while it decides. Run as a program it reads one event a line from
standard input and writes one decision a line:

    ASSAY_LIBRARY=.build/library/lib/libassay.so.1 python3 Clients/python/assay.py Rules/rewards < events.ndjson
"""

import ctypes
import json
import os
import sys

ABI_VERSION = 1


class AssayError(Exception):
    """Why there is no decision, or no engine. `problem` has `code`, `detail`, and `field`, `hint` and `findings`."""

    def __init__(self, status, problem):
        super().__init__(problem.get("detail", f"status {status}"))
        self.status = status
        self.problem = problem

    @property
    def code(self):
        return self.problem.get("code")


class EventRefused(AssayError):
    """The event is none of the rule set's, or its id was seen with other content; nothing was counted."""


class _Options(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_size_t),
        ("flags", ctypes.c_uint32),
        ("redis_timeout_ms", ctypes.c_uint32),
        ("memory_bytes_max", ctypes.c_uint64),
        ("hashing_key", ctypes.c_char_p),
        ("hashing_key_length", ctypes.c_size_t),
        ("redis_url", ctypes.c_char_p),
        ("redis_namespace", ctypes.c_char_p),
    ]


def _load():
    path = os.environ.get("ASSAY_LIBRARY", "libassay.so.1")
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"{error}: `make library` makes it, and ASSAY_LIBRARY names its path") from error
    library.assay_abi_version.restype = ctypes.c_uint32
    if library.assay_abi_version() != ABI_VERSION:
        raise ImportError("this libassay.so has another interface")
    answer = [ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_size_t)]
    engine = ctypes.c_void_p
    library.assay_create.argtypes = [
        ctypes.c_char_p, ctypes.POINTER(_Options), ctypes.POINTER(engine), *answer]
    library.assay_decide.argtypes = [engine, ctypes.c_char_p, ctypes.c_size_t, *answer]
    library.assay_reload.argtypes = [engine, *answer]
    library.assay_ruleset.argtypes = [engine, *answer]
    library.assay_destroy.argtypes = [engine]
    library.assay_free.argtypes = [ctypes.c_void_p]
    library.assay_free.restype = None
    library.assay_version.restype = ctypes.c_char_p
    return library


_library = _load()
VERSION = _library.assay_version().decode()


def _call(function, *arguments):
    """The answer of a function, as bytes; what is wrong is raised."""
    text, length = ctypes.c_void_p(), ctypes.c_size_t()
    status = function(*arguments, ctypes.byref(text), ctypes.byref(length))
    answer = ctypes.string_at(text, length.value) if text else b"{}"
    _library.assay_free(text)
    if status == 0:
        return answer
    raise (EventRefused if status == 1 else AssayError)(status, json.loads(answer))


class Engine:
    """A rule set, its windows, and what they need. Ends with `close`, or with its `with` block."""

    def __init__(self, rules, *, hashing_key=None, redis_url=None, redis_namespace=None, redis_timeout_ms=0,
                 memory_bytes_max=0, dry_run=False, all_features=False, recorded_events=False):
        self._engine = ctypes.c_void_p()
        options = _Options(
            size=ctypes.sizeof(_Options), flags=dry_run | all_features << 1 | recorded_events << 2,
            redis_timeout_ms=redis_timeout_ms, memory_bytes_max=memory_bytes_max,
            hashing_key=hashing_key, hashing_key_length=len(hashing_key or b""),
            redis_url=redis_url and redis_url.encode(), redis_namespace=redis_namespace and redis_namespace.encode())
        _call(_library.assay_create, os.fsencode(rules), ctypes.byref(options), ctypes.byref(self._engine))

    def decide(self, event):
        """The decision on an event: an object in, an object out."""
        return json.loads(self.decide_json(json.dumps(event, ensure_ascii=False).encode()))

    def decide_json(self, event):
        """The same in JSON, as bytes."""
        return _call(_library.assay_decide, self._engine, event, len(event))

    def reload(self):
        """Reads the rules again. Broken ones raise, with their findings, and change nothing."""
        return json.loads(_call(_library.assay_reload, self._engine))

    def ruleset(self):
        """Name, version and rules that decide."""
        return json.loads(_call(_library.assay_ruleset, self._engine))

    def close(self):
        """Ends the engine; waits for decisions that are under way on other threads."""
        _library.assay_destroy(self._engine)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} RULES < EVENTS")
    with Engine(sys.argv[1]) as engine:
        for line in sys.stdin.buffer:
            if not line.strip():
                continue
            try:
                answer = engine.decide_json(line.rstrip(b"\n"))
            except EventRefused as error:
                answer = json.dumps(error.problem).encode()
            sys.stdout.buffer.write(answer + b"\n")


if __name__ == "__main__":
    main()
