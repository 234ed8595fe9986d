/// The error that a server answered with, told apart by its first word.
///
/// Only that word is ever shown: the rest may repeat arguments of the command, and with them values of an event.
package struct ErrorReply: Sendable, Hashable {
  /// The first word: `WRONGTYPE`, `READONLY`; `ERR` where the server sent none.
  package let word: String
  private let text: String

  /// The error line as it came, without its minus.
  package init(_ line: String) {
    let first = line.prefix { $0 != " " }
    let isWord = !first.isEmpty && first.utf8.count <= 24 && first.utf8.allSatisfy { (65...90).contains($0) }
    word = isWord ? String(first) : "ERR"
    text = line
  }

  /// What the error means for commands to `address`, where that is known, with the way out. The server did not execute
  /// them. `key` is named where it is to blame.
  package func failure(at address: RedisAddress? = nil, key: [UInt8]? = nil) -> RedisFailure {
    let known = Self.table[word] ?? detail ?? (.refused, "refused a command with `\(word)`", nil)
    let server = address.map { "redis at `\($0)`" } ?? "redis"
    // Behind a colon, where whoever counts reasons cuts them off.
    let name = word == "WRONGTYPE" ? key.map { ": \($0.quotedKey)" } : nil
    return RedisFailure(
      code: known.0, message: "\(server) \(known.1)\(name ?? "")", mayHaveRun: false, hint: known.2)
  }

  /// The same for a sentinel, which is asked with a password of its own.
  func failure(atSentinel address: RedisAddress) -> RedisFailure {
    var failure = failure()
    failure.message = "the sentinel at `\(address)`" + failure.message.dropFirst("redis".count)
    switch word {
    case "NOAUTH":
      failure.hint =
        "name a file with `sentinel_password_file`, or set the environment's `ASSAY_REDIS_SENTINEL_PASSWORD`"
    case "WRONGPASS":
      failure.hint = "see `ACL LIST` of the sentinel; `sentinel_user` names another user than the default one"
    default: break
    }
    return failure
  }

  private typealias Meaning = (RedisFailure.Code, String, String?)

  /// Whether the server would answer so to whatever command came first on the connection.
  var isForAllCommands: Bool { word == "NOAUTH" || word == "DENIED" || isWithoutRoom }

  private var isWithoutRoom: Bool { text.hasPrefix("ERR max number of clients") }

  /// What stands behind the word `ERR` only.
  private var detail: Meaning? {
    if isWithoutRoom {
      return (.unavailable, "has no connection left", "raise `maxclients` of the server")
    }
    if text.hasPrefix("ERR DB index") || text.hasPrefix("ERR SELECT") || text.hasPrefix("ERR invalid DB") {
      return (
        .refused, "does not have that database",
        "a cluster has database 0 only; see `databases` of the server"
      )
    }
    if text.hasPrefix("ERR AUTH") || text.hasPrefix("ERR Client sent AUTH") {
      return (.refused, "knows no password for the default user", "leave the password out, or set one there")
    }
    if text.hasPrefix("ERR This instance has cluster support disabled") {
      return (.refused, "is no node of a cluster", "leave the cluster out of the configuration")
    }
    return text.hasPrefix("ERR invalid password") ? Self.table["WRONGPASS"] : nil
  }

  private static let table: [String: Meaning] = [
    "NOAUTH": (
      .refused, "asks for a password",
      "name a file with `password_file`, or set the environment's `ASSAY_REDIS_PASSWORD`"
    ),
    "WRONGPASS": (
      .refused, "does not accept the user and password", "see `ACL LIST` of the server for its users"
    ),
    "NOPERM": (
      .refused, "does not allow the user a command or key",
      "see `ACL GETUSER` of the server for the user's rights"
    ),
    "DENIED": (
      .refused, "is in protected mode and serves its own machine only", "set a password there, or `bind` it"
    ),
    "WRONGTYPE": (
      .refused, "has a value of another type under a key",
      "another program writes there: choose another namespace; `TYPE` in `redis-cli` tells what the key holds"
    ),
    "OOM": (
      .unavailable, "has reached `maxmemory`", "raise `maxmemory`, or let keys expire earlier"
    ),
    "BUSY": (.unavailable, "is busy with somebody's script", "see `SCRIPT KILL`"),
    "LOADING": (.unavailable, "is loading its data from disk", "it serves when that is done"),
    "READONLY": (
      .unavailable, "is a replica and takes no writes", "name its primary, or use Sentinel or a cluster"
    ),
    "MASTERDOWN": (
      .unavailable, "is a replica that lost its primary",
      "it serves when the primary is back or one is promoted"
    ),
    "MISCONF": (
      .unavailable, "takes no writes since it cannot save to disk", "see its log and the room on its disk"
    ),
    "NOREPLICAS": (
      .unavailable, "takes no writes with so few replicas", "see `min-replicas-to-write` of the server"
    ),
    "CLUSTERDOWN": (.unavailable, "belongs to a cluster that is down", "see `CLUSTER INFO`"),
    "TRYAGAIN": (.unavailable, "is moving the keys of a command", nil),
    "UNKILLABLE": (.unavailable, "is busy with a script that cannot be stopped", nil),
  ]
}
