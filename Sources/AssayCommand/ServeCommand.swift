import ArgumentParser
import Logging
import RedisWindows
import RuleSets
import Sidecar
import UnixSignals
import Workbench

/// `assay serve RULES --socket PATH`
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Decides events for other processes, over a Unix socket or TCP.",
    discussion: """
      HTTP/1.1 and bare events, one a line, on the same socket. SIGHUP reads the rules again; broken ones change \
      nothing. SIGTERM answers what has come and ends.
      """)

  /// How long a decision may wait for Redis where nothing else is said; milliseconds.
  private static let decisionTimeout = 20

  @OptionGroup var arguments: RuleArguments

  @Option(help: "Listen on a Unix socket at this path.", completion: .file())
  var socket: String?

  @Option(help: "The mode of the socket's file, in octal.")
  var socketMode = "600"

  @Option(help: "The group of the socket's file, by name or number.")
  var socketGroup: String?

  @Option(help: "Serve only processes of the user with this number; may be given several times.")
  var allowUser: [UInt32] = []

  @Option(help: "Listen on TCP too, as HOST:PORT; the host must be of the loopback unless --public is given.")
  var listen: String?

  @Flag(help: "Let --listen name an address that other machines reach.")
  var `public` = false

  @Option(help: "Threads that serve clients.")
  var loops = 1

  @Option(help: "The bound of the memory for windows, where they are in memory; MiB.")
  var memory = 1_024

  @Option(help: "What is logged.")
  var logLevel = LogLevel.info

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func validate() throws {
    if socket == nil && listen == nil && InheritedSockets.isEmpty {
      throw ValidationError("`--socket` or `--listen` is needed")
    }
    if !(1...64).contains(loops) { throw ValidationError("`--loops` is between 1 and 64") }
    if memory < 1 { throw ValidationError("`--memory` is at least 1") }
  }

  func run() throws {
    let rules = try arguments.load()
    let configuration = try makeConfiguration(rules)
    let level = logLevel.level
    let logger = Logger(label: "assay") { JSONLogHandler(label: $0, level: level) }
    let folder = arguments.rules
    let stop = Awaited { () -> Stop? in
      do {
        let server = try await SidecarServer.start(
          configuration, rules: rules, folder: folder, logger: logger)
        logger.info(
          "serving",
          metadata: [
            "addresses": .array(server.addresses.map { .string($0) }), "ruleset": "\(rules.name)",
            "version": "\(rules.version)",
          ])
        for await signal in await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint) {
          if signal != .sighup { break }
          await server.reload()
        }
        logger.info("stopping")
        await server.stop()
        logger.info("stopped")
        return nil
      } catch let error as SidecarError {
        return Stop(.input, error.message, hint: error.hint)
      } catch {
        return Stop(.input, "the server did not start: \(error)", hint: "see the message")
      }
    }.wait()
    if let stop { throw stop }
  }

  private func makeConfiguration(_ rules: RuleSet) throws(Stop) -> SidecarConfiguration {
    var configuration = SidecarConfiguration()
    guard let mode = UInt32(socketMode, radix: 8), mode <= 0o777 else {
      throw Stop(.input, "`--socket-mode`: `\(socketMode)` is no mode", hint: "say it in octal, such as 660")
    }
    configuration.access.mode = mode
    configuration.access.group = socketGroup
    if !allowUser.isEmpty { configuration.access.users = Set(allowUser) }
    configuration.loopCount = loops
    configuration.memoryBytesMax = memory << 20
    configuration.addresses = InheritedSockets.descriptors.map { .inherited(descriptor: $0) }
    if let socket { configuration.addresses.append(.unixSocket(socket)) }
    if let listen { configuration.addresses.append(try ListenAddress.parse(listen, isPublic: `public`)) }
    configuration.hashingKey = try redis.hashingKey()
    configuration.redis = try redis.configuration(for: rules, ordinaryTimeout: Self.decisionTimeout)
    return configuration
  }
}

/// What is logged, from everything to the worst only.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
  case trace, debug, info, notice, warning, error, critical

  /// The same for the logger.
  var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
