"""The work of the rules benchmark in other engines: from the bytes of an event to the score of the twenty rules.

Run by `make bench-peers`. Each engine gets what suits it best: one expression that sums the scores, its own reader of
JSON where it has one. The scores must sum to the workload's check value. What cannot be installed is said and left out.
"""

import gzip
import json
import pathlib
import re
import subprocess
import sys
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".build" / "peers"
PEERS = {
    "datalogic-py": "5.9.0",
    "cel-expr-python": "0.1.3",
    "common-expression-language": "0.10.0",
    "zen-engine": "2.1.3",
}


def shared():
    """The shared workload beside this project, or nothing."""
    for folder in [ROOT, *ROOT.parents]:
        if (folder / "shared" / "bench" / "rules-20.json").exists():
            return folder / "shared" / "bench"
    return None


def install():
    """Makes the environment of these peers' own and returns those that are in it."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(FOLDER, with_pip=True)
    for name, version in PEERS.items():
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{name}=={version}"]
        if subprocess.run(command, capture_output=True, text=True).returncode != 0:
            print(f"peers, {name} {version}: cannot be installed here", flush=True)
    return python


def sum_of_scores(rules):
    """One CEL expression for all rules."""
    return " + ".join(f"(({rule['when']}) ? {rule['score']} : 0)" for rule in rules)


# JSONLogic has no text form: the few forms that the twenty rules take are read here.
def json_logic(condition):
    parts = condition.split(" && ")
    if len(parts) > 1:
        return {"and": [json_logic(part) for part in parts]}
    if condition.startswith("!"):
        return {"!": [{"var": condition[1:]}]}
    left, operator, right = condition.split(" ", 2)
    right = {"var": right} if re.fullmatch(r"[a-z_]\w*", right) else json.loads(right)
    return {operator: [{"var": left}, right]}


# Each returns how to read an event and how to score what was read.
def datalogic(rules):
    import datalogic_py

    total = {"+": [{"if": [json_logic(rule["when"]), rule["score"], 0]} for rule in rules]}
    engine = datalogic_py.Engine()
    rule, session, handle = engine.compile(total), engine.session(), datalogic_py.DataHandle
    return handle, lambda event: session.evaluate_int(rule, event)


def cel_expr(rules):
    from cel_expr_python import cel

    types = {"double": cel.Type.DOUBLE, "int": cel.Type.INT, "string": cel.Type.STRING, "bool": cel.Type.BOOL}
    environment = cel.NewEnv(variables={name: types[kind] for name, kind in FIELDS.items()})
    program = environment.compile(sum_of_scores(rules))
    names = list(FIELDS)

    def read(line):
        event = json.loads(line)
        return {name: event[name] for name in names}

    return read, lambda event: program.eval(data=event).plain_value()


def common_expression_language(rules):
    import cel

    program = cel.compile(sum_of_scores(rules))
    return json.loads, program.execute


def zen(rules):
    import zen

    # Its own words for logic; it reads JSON itself.
    text = sum_of_scores(rules).replace("&&", "and")
    text = re.sub(r"!(\w+)", r"not \1", text)
    expression = zen.compile_expression(text)
    return None, lambda event: int(expression.evaluate(event))


FIELDS = {
    "amount": "double", "country": "string", "card_country": "string", "mcc": "int", "channel": "string",
    "account_age_days": "int", "cvv": "bool", "card_cnt_1m": "int", "card_cnt_5m": "int", "card_sum_5m": "double",
    "card_cnt_1h": "int", "card_sum_1h": "double", "card_cnt_24h": "int", "card_sum_24h": "double",
    "card_merchants_1h": "int", "device_cards_24h": "int", "ip_cnt_5m": "int", "ip_cards_1h": "int",
}
SCORERS = {
    "datalogic-py": datalogic,
    "cel-expr-python": cel_expr,
    "common-expression-language": common_expression_language,
    "zen-engine": zen,
}


def best_of(work, items):
    """Nanoseconds of processor time an item, of the best of some rounds."""
    best = float("inf")
    for _ in range(7):
        start = time.process_time_ns()
        for item in items:
            work(item)
        best = min(best, (time.process_time_ns() - start) / len(items))
    return best


def measure(name):
    """Prints the nanoseconds of an event in one peer, from JSON and of the rules alone; in the peers' environment."""
    folder = shared()
    workload = json.loads((folder / "rules-20.json").read_text())
    lines = gzip.open(folder / "events.ndjson.gz", "rt").read().splitlines()
    read, score = SCORERS[name](workload["rules"])
    whole = (lambda line: score(read(line))) if read else score
    total = sum(whole(line) for line in lines)
    if total != workload["check"]["score_sum"]:
        sys.exit(f"the scores sum to {total}, not to {workload['check']['score_sum']}")
    # One that reads JSON itself is given what Python has read.
    events = [(read or json.loads)(line) for line in lines]
    print(best_of(whole, lines), best_of(score, events))


def own():
    """The nanoseconds of an event in the benchmark of this project, from JSON and of the rules alone."""
    output = subprocess.run([ROOT / ".build/release/benchmarks", "rules"], capture_output=True, text=True, check=True)
    print(output.stdout, end="", flush=True)
    return [
        float(re.search(name + r", 20 rules: (\d+) ns", output.stdout).group(1))
        for name in ("rules from JSON", "rules only")
    ]


def main():
    if shared() is None:
        return print("peers: skipped, the shared workload is absent")
    python = install()
    ours, alone = own()
    found = []
    for name, version in PEERS.items():
        run = subprocess.run([python, __file__, name], capture_output=True, text=True)
        if run.returncode != 0:
            reason = (run.stderr.strip().splitlines() or ["it says nothing"])[-1]
            print(f"peers, {name} {version}: does not run here: {reason}")
            continue
        whole, rules = (float(number) for number in run.stdout.split())
        found.append((whole, rules))
        print(
            f"peers, {name} {version}: {whole:,.0f} ns an event from JSON, {whole / ours:.1f}x ours; "
            f"{rules:,.0f} ns the rules alone, {rules / alone:.1f}x ours",
            flush=True,
        )
    if found:
        whole, rules = (min(each) for each in zip(*found))
        print(f"peers: the fastest takes {whole / ours:.1f}x our time from JSON, {rules / alone:.1f}x for the rules alone")


if __name__ == "__main__":
    measure(sys.argv[1]) if len(sys.argv) > 1 else main()
