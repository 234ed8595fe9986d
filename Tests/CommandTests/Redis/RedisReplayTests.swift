import Foundation
import RedisTestSupport
import TestSupport
import Testing

/// Replays over a real Redis give the bytes that replays in memory give.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RedisReplayTests {
  private static let handbook = SharedData.url("data/handbook")?.appending(path: "transactions.ndjson.gz")
    .path

  @Test func rewardsAreEqual() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run(
      """
      assay replay \(RedisCases.rewards) \(RedisCases.rewardEvents) --features --quiet > "$WORK/memory"
      assay replay \(RedisCases.rewards) \(RedisCases.rewardEvents) --features --quiet --redis "$REDIS" > "$WORK/redis"
      wc -l < "$WORK/memory"
      cmp "$WORK/memory" "$WORK/redis" && echo equal
      """)
    #expect(found.output == "7829\nequal\n", "\(found)")
    // The namespace was fresh, and is gone.
    #expect(try redis.keyCount() == 0)
  }

  /// The bundles, too, and each is decided again from what Redis gave. Labels see the same events.
  @Test func recordedBundlesAreEqual() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run(
      """
      replay() { assay replay \(RedisCases.wallet) \(RedisCases.events) --quiet --record-only block "$@"; }
      replay --record "$WORK/memory" > "$WORK/one"
      replay --record "$WORK/redis" --redis "$REDIS" > "$WORK/other"
      cmp "$WORK/one" "$WORK/other" && cmp "$WORK/memory" "$WORK/redis" && echo equal
      sed -n '2,$s/^{"bundle":1,"event":"\\([^"]*\\)".*/\\1/p' "$WORK/redis" > "$WORK/ids"
      while read -r id; do assay explain --bundle "$WORK/redis" --event "$id" > "$WORK/shown" || echo "differs: $id"; done \\
        < "$WORK/ids"
      test $(wc -l < "$WORK/ids") -gt 2 && echo several
      """)
    #expect(found.output == "equal\nseveral\n" && found.errors == "", "\(found)")
  }

  @Test(.enabled(if: handbook != nil, "the handbook's data is not beside the project"))
  func theHandbooksFirst20000AreEqual() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run(
      """
      zcat '\(Self.handbook ?? "")' | head -n 20000 > "$WORK/events"
      assay replay Rules/handbook "$WORK/events" --features --quiet > "$WORK/memory"
      assay replay Rules/handbook "$WORK/events" --features --quiet --redis "$REDIS" > "$WORK/redis"
      wc -l < "$WORK/memory"
      cmp "$WORK/memory" "$WORK/redis" && echo equal
      """)
    #expect(found.output == "20000\nequal\n", "\(found)")
  }

  /// Four processes at once, each with the lines of its customers: what belongs to the customer is the same.
  @Test(.enabled(if: handbook != nil, "the handbook's data is not beside the project"))
  func fourProcessesAtOnceAgreeOnEveryCustomer() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let script = """
      zcat '\(Self.handbook ?? "")' | head -n 20000 > "$WORK/events"
      assay replay Rules/handbook "$WORK/events" --features --quiet > "$WORK/memory"
      awk -v work="$WORK" '{
        match($0, /"customer_id":"?[0-9]+/)
        id = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", id)
        if (id == "") exit 1
        print > (work "/part" id % 4)
      }' "$WORK/events" || echo "no customer in a line"
      for part in 0 1 2 3; do
        assay replay Rules/handbook "$WORK/part$part" --features --quiet --redis "$REDIS" --namespace four \\
          > "$WORK/redis$part" &
      done
      wait
      customers() { sed -E 's/^\\{"event":"([^"]*)".*"features":(\\{[^}]*\\}).*/\\1 \\2/' "$@" \\
        | sed -E 's/"terminal_[^,}]*,?//g; s/,}/}/' | sort; }
      customers "$WORK/memory" > "$WORK/one"
      customers "$WORK"/redis? > "$WORK/four"
      wc -l < "$WORK/four"
      grep -c customer_count_1d "$WORK/four"
      cmp "$WORK/one" "$WORK/four" && echo equal
      """
    let found = try redis.run(script)
    #expect(found.output == "20000\n20000\nequal\n", "\(found)")
  }

  /// Four processes take the events in turn, each when the one before has answered: the bytes of one in memory.
  @Test func fourProcessesThatTakeTurnsAreEqual() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let isWhole = ProcessInfo.processInfo.environment["ASSAY_REDIS_TURNS"] == "all"
    try Self.takeTurns(
      redis.url, rules: RedisCases.rewards, file: RedisCases.rewardEvents, lines: isWhole ? nil : 2_000)
    if isWhole, let handbook = Self.handbook {
      try Self.takeTurns(redis.url, rules: "Rules/handbook", file: handbook, lines: nil)
    }
  }

  static func takeTurns(_ url: String, rules: String, file: String, lines count: Int?) throws {
    let head = count.map { " | head -n \($0)" } ?? ""
    let events = try Shell.run("zcat '\(file)'\(head)").output
    let expected = try Shell.run(
      "zcat '\(file)'\(head) | assay replay \(rules) - --features --quiet"
    ).output
    let turns = try (0..<4).map { _ in
      try LineProcess([
        "replay", rules, "-", "--features", "--quiet", "--redis", url, "--namespace",
        "turns-\(expected.count)",
      ])
    }
    defer { for turn in turns { turn.end() } }
    var differences = 0
    let wanted = expected.split(separator: "\n")
    for (number, line) in events.split(separator: "\n").enumerated() {
      let found = turns[number % 4].answer(to: line)
      if found != wanted[number] { differences += 1 }
      #expect(found == wanted[number] || differences > 3, "line \(number + 1)")
    }
    #expect(differences == 0)
  }
}

/// A process that answers each line with one.
final class LineProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var read: [UInt8] = []

  init(_ arguments: [String]) throws {
    process.executableURL = Shell.binaries.appending(path: "assay")
    process.arguments = arguments
    process.currentDirectoryURL = SharedData.projectRoot
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  /// Writes a line and blocks until one comes back; what came by then where the process ends.
  func answer(to line: Substring) -> Substring {
    input.fileHandleForWriting.write(Data((line + "\n").utf8))
    while true {
      if let end = read.firstIndex(of: UInt8(ascii: "\n")) {
        let answer = String(decoding: read[..<end], as: UTF8.self)
        read.removeSubrange(...end)
        return answer[...]
      }
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { return String(decoding: read, as: UTF8.self)[...] }
      read.append(contentsOf: more)
    }
  }

  /// Closes its input and waits for its end.
  func end() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
