import ArgumentParser
import Assay
import CEL
import Glibc
import RedisWindows
import RuleSets
import Workbench

/// `assay forget RULES --redis URL --entity user.id=u42`
struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Erases the log of an entity from Redis.",
    usage: "assay forget <rules> --redis <redis> --entity <entity> ... [<options>]",
    discussion: """
      Leaves one record without values that says so: instances that knew the log read it anew and count from zero. The \
      ids of its events stay remembered with their decisions until they expire, and logs of other entities keep what \
      they recorded. Asks before it erases, unless --yes. Exit code 1 when the entity has no log.
      """)

  @OptionGroup var arguments: RuleArguments

  @OptionGroup var entity: EntityArguments

  @Flag(help: "Do not ask.")
  var yes = false

  @Option(help: "How to write what was erased: text or json.")
  var format = ReportFormat.text

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func validate() throws { try redis.require() }

  func run() throws {
    let rules = try arguments.load()
    let address = try entity.address(rules)
    if !yes && (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) {
      throw Stop(.input, "there is no terminal to ask whether to erase", hint: "say `--yes`")
    }
    let options = try redis.options(allFeatures: true)
    let session = try redis.openShared(for: rules)
    defer { session.store.close() }
    let engine = Engine(rules: rules, store: session.store, options: options)
    let access = ArchiveAccess(engine)
    let time = WallClock.milliseconds
    let present = try Stop.fromLog { () throws(LogProblem) in
      try LogErasure(lookingAt: address, time: time, access: access)
    }
    guard let present, !present.isEmpty else { throw nothing(to: address, present) }
    if !yes && !Self.isConfirmed("erase the log of `\(address.shown)` (\(present.shown))? [y/N] ") {
      throw Stop(.findings, "nothing was erased")
    }
    let erased = try Stop.fromLog { () throws(LogProblem) in
      try LogErasure(erasing: address, at: time, access: access)
    }
    guard let erased else { throw nothing(to: address, nil) }
    try Terminal.print(
      format == .json ? erased.json() : "erased the log of `\(address.shown)`: \(erased.shown)\n")
  }

  private func nothing(to address: EntityAddress, _ present: LogErasure?) -> Stop {
    if let time = present?.forgottenAt.flatMap(Timestamp.init(milliseconds:)) {
      return Stop(.findings, "the log of `\(address.shown)` was erased before, at \(time.rfc3339())")
    }
    return Stop(.findings, "`\(address.shown)` has no log", hint: address.hintWithoutLog)
  }

  private static func isConfirmed(_ question: String) -> Bool {
    Terminal.note(question)
    let answer = readLine()?.lowercased() ?? ""
    return answer == "y" || answer == "yes"
  }
}
