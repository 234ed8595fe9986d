/// What a server tells of itself: the fields of `INFO`.
package struct ServerFacts: Sendable {
  private var fields: [Substring: Substring] = [:]

  /// Reads the answer to `INFO`: lines of `name:value`, and headings.
  package init(_ information: String) {
    for line in information.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[line[..<colon]] = line[line.index(after: colon)...]
    }
  }

  subscript(_ name: Substring) -> Substring? { fields[name] }

  func number(_ name: Substring) -> Int64? { fields[name].flatMap { Int64($0) } }
}

/// Each of these looks at one thing and tells what is wrong with it, if anything.
package enum ServerChecks {
  /// `SET … NX GET` is allowed since this version.
  static let versionMin = (major: 7, minor: 0)
  /// How far clocks may differ; milliseconds. Expiry is the server's, event time and lateness are the clients'.
  static let clockMillisecondsMax: Int64 = 2_000
  /// The part of `maxmemory` above which a warning is due; percent.
  static let memoryPercentMax: Int64 = 90

  package typealias Finding = RedisReport.Finding

  /// All that `INFO` tells.
  package static func findings(_ facts: ServerFacts, server: String, waitsForReplica: Bool) -> [Finding] {
    [
      version(facts, server), role(facts, server), policy(facts, server), evictions(facts, server),
      memory(facts, server), replication(facts, server, waitsForReplica),
    ].compactMap { $0 } + persistence(facts, server)
  }

  static func version(_ facts: ServerFacts, _ server: String) -> Finding? {
    guard let text = facts["redis_version"] else { return nil }
    let parts = text.split(separator: ".").map { Int($0) ?? 0 }
    let version = (parts.first ?? 0, parts.count > 1 ? parts[1] : 0)
    guard version < versionMin else { return nil }
    return Finding(
      .version, .error, server: server, "version \(text) lacks `SET` with `NX` and `GET`",
      hint: "use version \(versionMin.major).\(versionMin.minor) or later")
  }

  static func role(_ facts: ServerFacts, _ server: String) -> Finding? {
    guard facts["role"] == "slave" else { return nil }
    return Finding(
      .replica, .error, server: server, "the server is a replica and takes no writes",
      hint: "name its primary, or use Sentinel or a cluster")
  }

  static func policy(_ facts: ServerFacts, _ server: String) -> Finding? {
    guard let policy = facts["maxmemory_policy"], policy != "noeviction" else { return nil }
    return Finding(
      .mayEvict, .warning, server: server,
      "`maxmemory-policy` is `\(policy)`: when memory is full, entity logs are evicted and windows count too little",
      hint: "set `maxmemory-policy noeviction`; for a managed cache, in its parameter group")
  }

  static func evictions(_ facts: ServerFacts, _ server: String) -> Finding? {
    guard let count = facts.number("evicted_keys"), count > 0 else { return nil }
    return Finding(
      .hasEvicted, .warning, server: server,
      "\(count) keys were evicted since the server started: windows may have counted too little",
      hint: "raise `maxmemory`, set `maxmemory-policy noeviction`, then reset the count: `CONFIG RESETSTAT`")
  }

  static func memory(_ facts: ServerFacts, _ server: String) -> Finding? {
    guard let bound = facts.number("maxmemory"), bound > 0, let used = facts.number("used_memory") else {
      return nil
    }
    guard used / 100 >= bound / 10_000 * memoryPercentMax else { return nil }
    return Finding(
      .memory, .warning, server: server, "\(used) of \(bound) bytes of memory are in use",
      hint: "raise `maxmemory`: at the bound, appends are refused and decisions degrade")
  }

  static func replication(_ facts: ServerFacts, _ server: String, _ waitsForReplica: Bool) -> Finding? {
    guard waitsForReplica, facts["role"] == "master", facts.number("connected_slaves") == 0 else {
      return nil
    }
    return Finding(
      .noReplica, .error, server: server, "`durability: wait` waits for a replica, and there is none",
      hint:
        "add a replica; or leave `durability` at `primary`, for one run by `?durability=primary` in the URL")
  }

  static func persistence(_ facts: ServerFacts, _ server: String) -> [Finding] {
    var findings: [Finding] = []
    if facts.number("aof_enabled") == 0 {
      findings.append(
        Finding(
          .persistence, .note, server: server,
          "the append-only file is off: a restart loses what came since the last snapshot",
          hint: "set `appendonly yes`, unless replicas are enough"))
    }
    if facts["rdb_last_bgsave_status"] == "err" || facts["aof_last_write_status"] == "err" {
      findings.append(
        Finding(
          .persistence, .warning, server: server, "the server cannot save to disk",
          hint: "see its log and the room on its disk; with `stop-writes-on-bgsave-error` it refuses appends")
      )
    }
    return findings
  }

  /// `ours` was read when the server's clock was asked, within `uncertainty`; milliseconds.
  static func clock(theirs: Int64, ours: Int64, uncertainty: Int64, _ server: String) -> Finding? {
    let difference = theirs.subtractingReportingOverflow(ours).partialValue
    guard Int64(clamping: difference.magnitude) > clockMillisecondsMax &+ uncertainty else { return nil }
    return Finding(
      .clock, .warning, server: server,
      "its clock is \(difference.magnitude) ms \(difference > 0 ? "ahead of" : "behind") this machine's",
      hint: "keep both in step with NTP: expiry follows the server's clock, lateness the events'")
  }
}
