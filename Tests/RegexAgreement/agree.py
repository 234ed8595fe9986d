"""Pairs of pattern and text, answered by `assay eval --batch` and by RE2 itself: agree.py ASSAY COUNT [SEED]"""

import json
import random
import subprocess
import sys
import threading

import re2

# What this RE2 is newer than the system's in: it refuses or accepts patterns that the other does not.
NEWER = ("(?<",)
PATTERN_BYTES_MAX = 256
LETTERS = ["a", "b", "c", "A", "0", "_", " ", "\n", "é", "ß", "Σ", "σ", "ς", "中", "😀", "\u0000", "\u0301", "K"]
CLASSES = [
    ".", r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", r"\pL", r"\p{Greek}", r"\PN", r"[[:alpha:]]", r"[^[:^digit:]b]",
    r"[a-c]", r"[^a]", r"[\x{61}-\x{7a}]", r"[c-a]", r"[]a]", r"[^\n]", r"[é-中]", r"\C", r"\x41", r"\x{1F600}",
    r"\101", r"\n", r"\t", r"\Q.a\E", r"\.", r"\z", r"\A", r"\b", r"\B", "^", "$", r"\1", r"\pX", "[a", r"\8", "\\",
]
REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,3}", "{2,1}", "{1001}", "{,2}", "**", "{3}{3}"]
GROUPS = ["({})", "(?:{})", "(?i:{})", "(?s:{})", "(?m:^{}$)", "(?U:{})", "(?P<n>{})", "(?i){}", "(?-s){}", "(?={})", "({}"]


class Pairs:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pattern(self, depth):
        draw = self.random
        kind = draw.randrange(12)
        if depth == 0 or kind < 3:
            return self.escaped(draw.choice(LETTERS)) if draw.random() < 0.6 else draw.choice(CLASSES)
        if kind < 7:
            return "".join(self.pattern(depth - 1) for _ in range(draw.randint(1, 4)))
        if kind < 9:
            return self.pattern(depth - 1) + draw.choice(REPEATS)
        if kind == 9:
            return "|".join(self.pattern(depth - 1) for _ in range(draw.randint(2, 3)))
        return draw.choice(GROUPS).format(self.pattern(depth - 1))

    def escaped(self, letter):
        return "\\x00" if letter == "\u0000" and self.random.random() < 0.5 else letter

    def text(self):
        letters = LETTERS if self.random.random() < 0.7 else ["a", "b"]
        return "".join(self.random.choice(letters) for _ in range(self.random.choice([0, 1, 2, 3, 5, 8, 20, 60])))

    def next(self):
        while True:
            pattern = self.pattern(self.random.randint(0, 4))
            if len(pattern.encode()) <= PATTERN_BYTES_MAX and not any(part in pattern for part in NEWER):
                return pattern, self.text()


def expected(pattern, text, options):
    try:
        return bool(re2.compile(pattern, options=options).search(text))
    except re2.error:
        return None


def request(pattern, text, is_constant):
    """Half of the patterns stand in the expression and are compiled once, half come as values."""
    if is_constant:
        return {"expr": f"text.matches({literal(pattern)})", "bindings": {"text": text}}
    return {"expr": "text.matches(pattern)", "bindings": {"text": text, "pattern": pattern}}


def literal(text):
    """As an expression writes it; CEL has no surrogates."""
    parts = [letter if " " <= letter <= "~" and letter not in '"\\' else f"\\U{ord(letter):08x}" for letter in text]
    return '"' + "".join(parts) + '"'


def answers(assay, lines):
    process = subprocess.Popen([assay, "eval", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def write():
        for line in lines:
            process.stdin.write(line.encode() + b"\n")
        process.stdin.close()

    writer = threading.Thread(target=write)
    writer.start()
    for line in process.stdout:
        yield json.loads(line)
    writer.join()
    process.wait()


def main():
    assay, count = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    options = re2.Options()
    options.max_mem = 1 << 20
    options.never_capture = True
    options.log_errors = False
    source = Pairs(seed)
    pairs = [source.next() for _ in range(count)]
    lines = [json.dumps(request(pattern, text, index % 2 == 0)) for index, (pattern, text) in enumerate(pairs)]
    matching = refused = larger = different = answered = 0
    for (pattern, text), answer in zip(pairs, answers(assay, lines)):
        answered += 1
        wanted = expected(pattern, text, options)
        found = answer["value"]["value"] if "value" in answer else None
        matching += wanted is True
        refused += wanted is None
        if "too large for one that is not constant" in answer.get("error", {}).get("message", ""):
            # A limit of ours, not a question of what matches.
            larger += 1
        elif found != wanted:
            different += 1
            if different <= 20:
                print(f"pattern {pattern!r} text {text!r}: RE2 says {wanted}, assay {answer}")
    print(f"{answered} pairs, {matching} match, {refused} are refused, {different} differ, {larger} have too many states for values")
    sys.exit(different > 0 or answered != count)


main()
