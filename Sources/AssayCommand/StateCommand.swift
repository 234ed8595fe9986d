import ArgumentParser
import Assay
import CEL
import Glibc
import RedisWindows
import RuleSets
import Workbench

/// The entity that a command is about.
struct EntityArguments: ParsableArguments {
  @Option(
    help: """
      The entity: its key's field and value, such as user.id=u42. A key of several fields is written \
      user.id=u42,device.id=d1, or with one --entity for each.
      """)
  var entity: [String]

  func validate() throws {
    if entity.isEmpty {
      throw ValidationError("name the entity with `--entity`, such as `--entity user.id=u42`")
    }
  }

  /// The entity of `rules` that is meant.
  func address(_ rules: RuleSet) throws(Stop) -> EntityAddress {
    do {
      return try EntityAddress(entity, rules: rules)
    } catch {
      throw Stop(.input, "`--entity`: \(error.message)", hint: error.hint)
    }
  }
}

/// `assay state RULES --redis URL --entity user.id=u42`
struct StateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state",
    abstract: "Shows what windows in Redis know of an entity: its log, and every feature's present value.",
    usage: "assay state <rules> --redis <redis> --entity <entity> ... [<options>]",
    discussion: """
      Changes nothing. Features have the values that an event would read now, or that one would have read at the moment \
      of --at. Values of sensitive fields are shown as their keyed hash; to find an entity whose key is sensitive, \
      --hashing-key-file must be the writers'. Exit code 1 when the entity has no log.
      """)

  @OptionGroup var arguments: RuleArguments

  @OptionGroup var entity: EntityArguments

  @Option(help: "Read the features as they were at this moment (RFC 3339).")
  var at: String?

  @Option(help: "How to write the state: text or json.")
  var format = ReportFormat.text

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func validate() throws { try redis.require() }

  func run() throws {
    let rules = try arguments.load()
    let address = try entity.address(rules)
    let time = try moment()
    let options = try redis.options(allFeatures: true)
    let session = try redis.openShared(for: rules, isWriter: false)
    defer { session.store.close() }
    let engine = Engine(rules: rules, store: session.store, options: options)
    let state = try Stop.fromLog { () throws(LogProblem) in
      try EntityState(address, at: time, isPast: at != nil, rules: rules, access: ArchiveAccess(engine))
    }
    let color = arguments.color.applies(to: STDOUT_FILENO)
    if state.log != nil || format == .json {
      try Terminal.print(
        format == .text ? state.text(color: color) : String(decoding: state.json(), as: UTF8.self))
    }
    if state.log == nil {
      throw Stop(.findings, "`\(address.shown)` has no log", hint: address.hintWithoutLog)
    }
  }

  private func moment() throws(Stop) -> Int64 {
    guard let at else { return WallClock.milliseconds }
    if let time = Timestamp(rfc3339: at) { return time.milliseconds }
    throw Stop(.input, "`--at`: `\(at)` is no moment", hint: "write it as `2026-01-05T12:00:00Z`")
  }
}

extension EntityAddress {
  /// Why there may be no log where one was expected.
  var hintWithoutLog: String {
    if let empty = parts.first(where: \.text.isEmpty) {
      return "the value is empty: is something missing behind `\(empty.path)=`?"
    }
    return parts.contains(where: \.isSensitive)
      ? "is `--hashing-key-file` the key of those who write? sensitive values are found by their keyed hash only"
      : "is `--namespace` the one of those who write, and the value written as events have it?"
  }
}

extension Stop {
  /// Runs what works on a log; what goes wrong there is the environment's.
  static func fromLog<Value>(_ body: () throws(LogProblem) -> Value) throws(Stop) -> Value {
    do throws(LogProblem) {
      return try body()
    } catch {
      throw Stop(.input, error.message, hint: error.hint)
    }
  }
}

/// This machine's clock.
enum WallClock {
  /// Since 1970.
  static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
