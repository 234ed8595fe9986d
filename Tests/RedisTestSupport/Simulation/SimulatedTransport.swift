package import RedisWindows

/// Carries commands to a simulated Redis with the mishaps of the network: in order on one connection at a time, or on
/// one for each of several shards of the keys, as in a cluster.
package final class SimulatedTransport: RedisTransport {
  /// What one `send` asked for.
  private final class Group {
    let commands: [[[UInt8]]]
    let visit: Int?
    let tape = ReplyTape()
    private var receive: ReplyHandler?

    init(_ commands: [[[UInt8]]], visit: Int?, receive: @escaping ReplyHandler) {
      self.commands = commands
      self.visit = visit
      self.receive = receive
    }

    var isOpen: Bool { receive != nil }

    func finish(_ result: Result<Replies, RedisFailure>) {
      guard let receive else { return }
      self.receive = nil
      receive(result)
    }
  }

  private final class Connection {
    let generation: Int
    /// Whether the server still reads from it, and the client.
    var isExecuted = true
    var isRead = true
    var executesAfter: Int64
    var repliesAfter: Int64 = 0
    var groups: [Group] = []

    init(generation: Int, readyAt: Int64) {
      self.generation = generation
      executesAfter = readyAt
    }
  }

  package let redis: SimulatedRedis
  package let network: SimulatedNetwork
  private let clock: SimulatedClock
  private var connections: [Connection?]
  private var isClosed = false
  private var hasVanished = false
  /// The visit on whose behalf commands are sent now; what follows from its replies is sent on its behalf too.
  package var visit: Int?
  /// The head of each log as a visit last read it.
  package private(set) var heads: [Int: [[UInt8]: Int]] = [:]
  /// What each log was whenever this process read it.
  package private(set) var readings: [[UInt8]: [(head: Int, moment: Int64)]] = [:]
  /// Told of each command that is executed.
  package var trace: ((Int?, [[UInt8]]) -> Void)?
  /// Groups sent so far, and commands in them.
  package private(set) var groupCount = 0
  package private(set) var commandCount = 0
  package private(set) var openGroups = 0

  package init(redis: SimulatedRedis, network: SimulatedNetwork, clock: SimulatedClock, shards: Int = 1) {
    self.redis = redis
    self.network = network
    self.clock = clock
    connections = Array(repeating: nil, count: shards)
  }

  /// The moment at which nothing is under way any more, if nothing is sent until then.
  package var busyUntil: Int64 {
    connections.reduce(0) { max($0, $1?.executesAfter ?? 0, $1?.repliesAfter ?? 0) }
  }

  package var health: TransportHealth { TransportHealth() }

  package func close() {
    isClosed = true
    lose(executing: true)
  }

  package func send(_ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler) {
    let read = CommandReader.commands(commands.bytes)
    precondition(read?.count == commands.count, "the commands of a buffer can be read")
    let group = Group(read ?? [], visit: visit, receive: receive)
    if hasVanished { return }
    groupCount += 1
    commandCount += commands.count
    openGroups += 1
    if network.isDown || isClosed {
      lose(executing: false)
      let delay = min(network.delay(), max(deadline - clock.now, 0))
      return fail(group, after: delay, .unavailable, mayHaveRun: false)
    }
    let connection = connected(shard(group))
    connection.groups.append(group)
    carry(group, on: connection, deadline: deadline)
  }

  /// All connections break; with `executing` the server goes on with what it was sent already.
  package func lose(executing: Bool) {
    for shard in connections.indices { lose(shard, executing: executing) }
  }

  private func lose(_ shard: Int, executing: Bool) {
    guard let connection = connections[shard] else { return }
    connections[shard] = nil
    connection.isRead = false
    connection.isExecuted = executing
    for group in connection.groups where group.isOpen {
      fail(group, after: 0, .unavailable, mayHaveRun: true)
    }
    connection.groups = []
  }

  /// The process ends: no handler is called any more, and what was sent may still be executed.
  package func vanish() {
    hasVanished = true
    for shard in connections.indices {
      connections[shard]?.isRead = false
      connections[shard] = nil
    }
  }

  /// Where the key of a group's first command is kept.
  private func shard(_ group: Group) -> Int {
    guard connections.count > 1, let arguments = group.commands.first, arguments.count > 1 else { return 0 }
    let key = arguments[0].elementsEqual("EVAL".utf8) && arguments.count > 3 ? arguments[3] : arguments[1]
    return key.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % connections.count
  }

  private func connected(_ shard: Int) -> Connection {
    if let connection = connections[shard], connection.generation == network.generation { return connection }
    lose(shard, executing: false)
    let fresh = Connection(generation: network.generation, readyAt: clock.now + network.delay())
    connections[shard] = fresh
    return fresh
  }

  private func carry(_ group: Group, on connection: Connection, deadline: Int64) {
    let weather = network.weather
    let cut =
      network.happens(weather.cuts) ? Int.random(in: 0..<group.commands.count, using: &network.random) : nil
    let splits = network.happens(weather.splits)
    var moment = max(clock.now + network.delay(), connection.executesAfter)
    if splits || cut != nil {
      for index in group.commands.indices {
        if index == cut {
          clock.schedule(at: moment) { [self] in cutOff(connection, executing: false) }
          break
        }
        clock.schedule(at: moment) { [self] in execute([index], of: group, on: connection) }
        moment += splits ? network.pause() : 0
      }
    } else {
      clock.schedule(at: moment) { [self] in
        execute(Array(group.commands.indices), of: group, on: connection)
      }
    }
    connection.executesAfter = moment
    if network.happens(weather.lingers) {
      clock.schedule(after: network.delay()) { [self] in cutOff(connection, executing: true) }
    }
    var reply = max(moment + network.delay(), connection.repliesAfter)
    if network.happens(weather.stalls) { reply = max(reply, deadline + network.delay()) }
    if network.happens(weather.dropsReplies) {
      clock.schedule(at: reply) { [self] in cutOff(connection, executing: true) }
    }
    connection.repliesAfter = reply
    if reply > deadline { clock.schedule(at: deadline) { [self] in end(group, .failure(Self.late)) } }
    clock.schedule(at: reply) { [self] in deliver(group, on: connection) }
  }

  private static let late = RedisFailure(code: .late, message: "no reply in time", mayHaveRun: true)

  private func cutOff(_ connection: Connection, executing: Bool) {
    if let shard = connections.firstIndex(where: { $0 === connection }) {
      lose(shard, executing: executing)
    } else {
      connection.isExecuted = connection.isExecuted && executing
    }
  }

  private func execute(_ indices: [Int], of group: Group, on connection: Connection) {
    guard connection.isExecuted, connection.generation == network.generation, !network.isDown else { return }
    for index in indices {
      let arguments = group.commands[index]
      redis.execute(arguments, into: group.tape)
      trace?(group.visit, arguments)
      guard arguments.count > 1, arguments[0].elementsEqual("GETRANGE".utf8) else { continue }
      let head = redis.history.head(arguments[1])
      readings[arguments[1], default: []].append((head, clock.now))
      if let visit = group.visit { heads[visit, default: [:]][arguments[1]] = head }
    }
  }

  private func deliver(_ group: Group, on connection: Connection) {
    guard group.isOpen, connection.isRead else { return }
    guard group.tape.placeCount == group.commands.count else {
      // The server was gone by then.
      return cutOff(connection, executing: false)
    }
    connection.groups.removeAll { $0 === group }
    end(group, .success(Replies(tape: group.tape, first: 0)))
  }

  private func fail(_ group: Group, after delay: Int64, _ code: RedisFailure.Code, mayHaveRun: Bool) {
    let failure = RedisFailure(code: code, message: "the connection was lost", mayHaveRun: mayHaveRun)
    clock.schedule(after: delay) { [self] in end(group, .failure(failure)) }
  }

  private func end(_ group: Group, _ result: Result<Replies, RedisFailure>) {
    guard group.isOpen, !hasVanished else { return }
    openGroups -= 1
    let before = visit
    visit = group.visit
    group.finish(result)
    visit = before
  }
}
