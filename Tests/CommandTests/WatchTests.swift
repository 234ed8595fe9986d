import Testing

/// `assay test --watch`, from outside.
@Suite struct WatchTests {
  /// In the background of a script Ctrl-C would be ignored, which `env` undoes.
  private static let script = """
    cp -r Fixtures/commands/rules/small "$WORK/rules"
    env --default-signal=INT assay test "$WORK/rules" --watch > "$WORK/out" 2> "$WORK/errors" &
    process=$!
    until_said() {
      for _ in $(seq 600); do
        grep -q "$1" "$WORK/$2" && return
        sleep 0.05
      done
      echo "never said: $1"
    }
    until_said "5 passed, 0 failed" out
    until_said "watching" errors
    sed -i "s/payouts_24h > 3/payouts_24h > 4/" "$WORK/rules/rules/payouts.yaml"
    until_said "4 passed, 1 failed" out
    mv "$WORK/rules/rules/payouts.yaml" "$WORK/kept"
    until_said "there are no rules" errors
    sed "s/payouts_24h > 4/payouts_24h > 3/" "$WORK/kept" > "$WORK/rules/rules/payouts.yaml"
    for _ in $(seq 600); do
      [ "$(grep -c "5 passed, 0 failed" "$WORK/out")" -ge 2 ] && break
      sleep 0.05
    done
    grep -c "5 passed, 0 failed" "$WORK/out"
    kill -INT $process
    wait $process
    echo "exit $?"
    grep -c "\\033" "$WORK/out"
    """

  @Test(.timeLimit(.minutes(2))) func everySaveRunsTheTestsAgainUntilTheEnd() throws {
    let found = try Shell.run(Self.script)
    // 130 is the signal of Ctrl-C; no screen is cleared where there is none.
    #expect(found.output == "2\nexit 130\n0\n", "\(found.errors)")
  }
}
