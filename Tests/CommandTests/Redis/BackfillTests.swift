import Foundation
import RedisTestSupport
import Testing

/// `assay backfill` over a real Redis.
@Suite(.enabled(if: RedisServer.isInstalled)) struct BackfillTests {
  /// The first half of a history is taken in and the second decided: its bytes are those of deciding it all.
  private static let halves = """
    zcat \(RedisCases.rewardEvents) > "$WORK/all"
    head -n 4100 "$WORK/all" > "$WORK/first"
    tail -n +4101 "$WORK/all" > "$WORK/second"
    assay replay \(RedisCases.rewards) "$WORK/all" --features --quiet > "$WORK/whole"
    head -n 4100 "$WORK/whole" > "$WORK/decisions"
    tail -n +4101 "$WORK/whole" > "$WORK/expected"
    backfill() { assay backfill \(RedisCases.rewards) "$WORK/first" --redis "$REDIS" --namespace half "$@"; }
    compare() {
      assay replay \(RedisCases.rewards) "$WORK/second" --features --quiet --redis "$REDIS" --namespace half \\
        > "$WORK/found"
      test -s "$WORK/found" && cmp "$WORK/expected" "$WORK/found" && echo equal
    }
    """

  @Test func whatFollowsABackfillIsDecidedAsIfAllHadBeenLive() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run(Self.halves + "\nbackfill --decisions \"$WORK/decisions\"\ncompare")
    #expect(found.output == "equal\n", "\(found)")
    #expect(found.errors.contains("appended       "), "\(found.errors)")
    print("backfill of the first half of the rewards:\n\(found.errors)")
  }

  @Test func aSecondRunFindsEverythingThere() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let first = try redis.run(
      Self.halves + "\nbackfill --decisions \"$WORK/decisions\" --summary json")
    let contents = try redis.contents()
    let again = try redis.run(Self.halves + "\nbackfill --quiet")
    #expect(again.exitCode == 0)
    #expect(try redis.contents() == contents)
    let second = try redis.run(
      Self.halves + "\nbackfill --decisions \"$WORK/decisions\" --summary json\ncompare")
    #expect(second.errors.contains(#""appended":0,"resumed":0,"known":4100,"#), "\(second.errors)")
    #expect(second.output == "equal\n")
    #expect(first.errors != second.errors)
  }

  /// Killed again and again wherever it is: in the end nothing counts twice.
  @Test func aRunThatIsKilledGoesOn() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run(
      Self.halves + """

        keys() { redis-cli -s "${REDIS#unix://}" DBSIZE; }
        for wanted in 300 700 1400 2500 3500 4200; do
          assay backfill \(RedisCases.rewards) "$WORK/first" --redis "$REDIS" --namespace half --quiet \
            --decisions "$WORK/decisions" &
          while [ "$(keys)" -lt $wanted ] && kill -0 $!; do :; done 2> /dev/null
          kill -9 $! 2> /dev/null
          wait $! 2> /dev/null
        done
        backfill --decisions "$WORK/decisions" --summary json
        compare
        """)
    #expect(found.output == "equal\n", "\(found)")
    print("after being killed again and again: \(found.errors)")
    // The runs that were killed had come somewhere.
    let known = try #require(found.errors.firstMatch(of: /"known":([0-9]+)/)).1
    #expect(try #require(Int(known)) >= 300, "\(found.errors)")
  }

  @Test func withoutDecisionsRetriesAreComputedAnewAndNothingIsExcluded() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run(
      """
      assay backfill \(RedisCases.wallet) \(RedisCases.events) --redis "$REDIS"
      echo "exit $?"
      head -n 2 \(RedisCases.events) | assay replay \(RedisCases.wallet) - --redis "$REDIS" --namespace wallet --quiet
      """)
    #expect(
      found.errors == """
        events         10 in <time>, <rate> events/s
        appended       9
        there already  1
        warning: `accepted_24h` count accepted events: without `--decisions` every event counts as accepted

        """, "\(found.errors)")
    #expect(found.output.hasPrefix("exit 0\n"))
    #expect(
      found.output.split(separator: "\n").count { $0.contains(#""recomputed":true"#) } == 2, "\(found.output)"
    )
  }

  @Test func badLinesAreToldAndTheRestIsTakenIn() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run(
      """
      { head -n 2 \(RedisCases.events); echo '{"id": broken'; head -n 2 \(RedisCases.events) | sed 's/u1/u9/'
        tail -n 1 \(RedisCases.events); } > "$WORK/events"
      assay backfill \(RedisCases.wallet) "$WORK/events" --redis "$REDIS" --summary json
      """)
    #expect(found.exitCode == 3)
    #expect(found.errors.contains(#""lines":6,"appended":3,"#), "\(found.errors)")
    #expect(found.errors.contains(#""refused":{"conflict":2,"not-json":1}"#), "\(found.errors)")
  }

  @Test func aServerThatGoesAwayIsToldWithHowFarItCame() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let id = try #require(redis.server.processID)
    let found = try redis.run(
      """
      zcat \(RedisCases.rewardEvents) > "$WORK/all"
      mkfifo "$WORK/events"
      assay backfill \(RedisCases.rewards) "$WORK/events" --redis "$REDIS" --quiet --redis-timeout 500 &
      { head -n 3000 "$WORK/all"; sleep 1; kill -STOP \(id); tail -n +3001 "$WORK/all"; } > "$WORK/events"
      wait $!
      echo "exit $?"
      kill -CONT \(id)
      """)
    #expect(found.output == "exit 3\n")
    #expect(found.errors.contains("everything up to $WORK/events:"), "\(found.errors)")
    #expect(found.errors.contains("run the command again: what is there counts once"))
  }

  /// What no replica has is not marked as done: the next run appends it once more.
  @Test func aReplicaThatDoesNotAcknowledgeEndsTheRun() async throws {
    let (redis, replica) = try await RedisShell.startWithReplica()
    defer {
      replica.stop()
      redis.server.stop()
    }
    replica.pause()
    let run =
      "assay backfill \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS?durability=wait\" --quiet"
      + " --redis-timeout 2000"
    let found = try redis.run(run)
    #expect(found.exitCode == 3)
    #expect(
      found.errors == """
        error: `--redis`: no replica has acknowledged the records; nothing of it is known to be there
        hint: see that a replica follows the primary; `?durability=primary` in the URL does without for a run; then run \
        the command again: what is there counts once

        """, "\(found)")
    let again = try redis.run(
      "assay backfill \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\" --summary json")
    #expect(again.errors.contains(#""appended":9,"resumed":9,"known":1,"#), "\(again)")
  }
}
