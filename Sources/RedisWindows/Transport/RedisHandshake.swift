/// What a connection says before any other command, all at once: who the client is, the database, the client's name.
struct RedisHandshake: Sendable {
  private enum Step: Sendable {
    case authenticate
    case select
    case name
  }

  /// The commands.
  private(set) var commands = CommandBuffer()
  private var steps: [Step] = []
  private var left: ArraySlice<Step> = []
  private let isForSentinel: Bool

  /// The handshake for a server, or for a sentinel, which has a password of its own.
  init(login: RedisConfiguration.Login, database: Int, clientName: String, isForSentinel: Bool = false) {
    self.isForSentinel = isForSentinel
    if let password = login.password {
      steps.append(.authenticate)
      commands.begin(login.user == nil ? 2 : 3)
      commands.argument("AUTH")
      if let user = login.user { commands.argument(text: user) }
      password.withBytes { commands.argument($0) }
    }
    if database != 0 {
      steps.append(.select)
      commands.begin(2)
      commands.argument("SELECT")
      commands.argument(database)
    }
    // The name comes last and always: its answer shows that the server answers at all.
    steps.append(.name)
    commands.begin(3)
    commands.argument("CLIENT")
    commands.argument("SETNAME")
    commands.argument(text: clientName)
    left = steps[...]
  }

  /// Whether all answers were good.
  var isDone: Bool { left.isEmpty }

  /// Takes the next answer; what it spoils, if it does.
  mutating func take(_ answer: Replies, from address: RedisAddress) -> RedisFailure? {
    guard let step = left.popFirst() else { return nil }
    guard answer.kind(answer.first) == .error else { return nil }
    let error = ErrorReply(answer.text(answer.first))
    // A server without the command, or a user without the right to it, still serves; one that wants a password not.
    if step == .name && !error.isForAllCommands { return nil }
    return isForSentinel ? error.failure(atSentinel: address) : error.failure(at: address)
  }
}
