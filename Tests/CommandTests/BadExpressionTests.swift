import Testing

/// What anybody may send to `assay eval`: an answer, and no more than 32 MB beyond what the smallest expression takes.
@Suite struct BadExpressionTests {
  private static let script = #"""
    import json, resource, subprocess

    ones = "[" + ",".join(["1"] * 500) + "]"
    cases = {
        "nothing": "1",
        "parentheses": "(" * 65536,
        "members": "1 in [" + "1," * 32000 + "1]",
        "comparisons": "1 != 2 || " * 6000 + "true",
        "a million elements": "[" + "1," * 1000000 + "1]",
        "nested repetitions": "text.matches('(a+)+b')",
        "a pattern of many states": "text.matches('(.{0,30}){0,30}c')",
        "lists of lists": f"{ones}.map(x, {ones}.map(y, {ones}.map(z, x)))",
        "lists that double": "[[1, 2, 3, 4]]" + ".map(x, x + x)" * 40,
        "text that doubles": "['aaaaaaaa']" + ".map(x, x + x)" * 40,
        "maps that double": "[{1: 2}]" + ".map(x, {1: x, 2: x})" * 40,
        "text without an end": "'" + "a" * 60000,
        "surrogates": "'" + "\\ud83d" * 10000 + "'",
    }

    def peak(expression):
        line = json.dumps({"expr": expression, "bindings": {"text": "a" * 100000}})
        code = (
            "import resource, subprocess, sys; "
            "run = subprocess.run(['assay', 'eval', '--batch'], stdin=sys.stdin, capture_output=True); "
            "print(run.returncode, run.stdout.count(b'\\n'), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        run = subprocess.run(["python3", "-c", code], input=line.encode(), stdout=subprocess.PIPE)
        return [int(number) for number in run.stdout.split()]

    base = peak(cases["nothing"])[2]
    for name, expression in cases.items():
        status, answers, kib = peak(expression)
        print(name, "|", status, "|", answers, "|", kib - base)
    """#

  @Test func noExpressionTakesMuchMemory() throws {
    let found = try Shell.run("python3 - <<'END'\n\(Self.script)\nEND")
    let lines = found.output.split(separator: "\n")
    #expect(lines.count == 13, "\(found)")
    for line in lines {
      let parts = line.split(separator: "|").map {
        $0.trimmingPrefix(" ").split(separator: " ").joined(separator: " ")
      }
      #expect(parts.count == 4 && ["0", "3"].contains(parts[1]) && parts[2] == "1", "\(line)")
      #expect(parts.last.flatMap { Int($0) } ?? .max < 32 << 10, "\(line) KiB")
    }
  }
}
