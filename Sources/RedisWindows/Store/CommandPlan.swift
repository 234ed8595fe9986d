internal import CEL
internal import Events
internal import Windows

/// The commands of a visit, as they are written:
///
///     SET id claim NX GET PX …            claims the event's id, or tells what it was claimed for (a dry run: GET)
///     APPEND log record                   for each entity that the event leaves a record in
///     GETRANGE log from to                for each entity: what is new since the last record known here
///     PEXPIRE log … NX, or GT             when it is due
///     WAIT 1 …                            with `durability: wait`
extension CommandBuffer {
  /// Claims an id for as long as ids are remembered.
  mutating func claim(_ id: RawSpan, _ value: IdentityValue, milliseconds: Int64, keys: LogKeys) {
    command("*7\r\n$3\r\nSET\r\n", key: keys.identityPrefix.rawBytes, id, value.byteCount) {
      value.write(to: &$0)
      $0.protocolText("$2\r\nNX\r\n$3\r\nGET\r\n$2\r\nPX\r\n")
      $0.argument(Int(clamping: min(max(milliseconds, 1), Self.expiryMax)))
    }
  }

  /// Reads what is known of an id.
  mutating func read(_ id: RawSpan, keys: LogKeys) {
    command("*2\r\n$3\r\nGET\r\n", key: keys.identityPrefix.rawBytes, id) { _ in }
  }

  /// Puts a decision in the place of the claim, as long as that is there.
  mutating func remember(_ id: RawSpan, _ value: IdentityValue, keys: LogKeys) {
    command("*5\r\n$3\r\nSET\r\n", key: keys.identityPrefix.rawBytes, id, value.byteCount) {
      value.write(to: &$0)
      $0.protocolText("$2\r\nXX\r\n$7\r\nKEEPTTL\r\n")
    }
  }

  /// Appends a record to a log.
  mutating func append(_ key: [UInt8], _ record: RawSpan) {
    command("*3\r\n$6\r\nAPPEND\r\n", key: key.rawBytes, record.byteCount) { $0.argument(record) }
  }

  /// Reads a log from an offset to its end.
  mutating func range(_ key: [UInt8], from offset: Int) {
    command("*4\r\n$8\r\nGETRANGE\r\n", key: key.rawBytes) {
      $0.argument(offset)
      $0.protocolText("$2\r\n-1\r\n")
    }
  }

  /// Reads so many bytes of a log from an offset on, or fewer to its end.
  mutating func range(_ key: [UInt8], from offset: Int, count: Int) {
    command("*4\r\n$8\r\nGETRANGE\r\n", key: key.rawBytes) {
      $0.argument(offset)
      $0.argument(offset + max(count, 1) - 1)
    }
  }

  /// Lets a key that has no expiry yet live so long from now on; replies with 1 if it had none.
  mutating func beginExpiry(_ key: [UInt8], milliseconds: Int64) { expire(key, milliseconds, "NX") }

  /// Lets a key that has an expiry live at least so long from now on.
  mutating func prolong(_ key: [UInt8], milliseconds: Int64) { expire(key, milliseconds, "GT") }

  private mutating func expire(_ key: [UInt8], _ milliseconds: Int64, _ condition: StaticString) {
    begin(4)
    argument("PEXPIRE")
    self.key(key.rawBytes)
    argument(Int(clamping: min(max(milliseconds, 1), Self.expiryMax)))
    argument(condition)
  }

  /// Asks how long a key still lives.
  mutating func lifetime(_ key: [UInt8]) {
    begin(2)
    argument("PTTL")
    self.key(key.rawBytes)
  }

  /// Puts a record in the place of a whole log, if there is one, and replies with what it was; its expiry stays.
  mutating func replace(_ key: [UInt8], _ record: RawSpan) {
    begin(6)
    argument("SET")
    self.key(key.rawBytes)
    argument(record)
    argument("XX")
    argument("KEEPTTL")
    argument("GET")
  }

  /// Removes a key; its memory is given back off the server's main thread.
  mutating func unlink(_ key: [UInt8]) {
    begin(2)
    argument("UNLINK")
    self.key(key.rawBytes)
  }

  /// Waits until a replica has what this connection wrote; at most so long.
  mutating func waitForReplica(milliseconds: Int64) {
    begin(3)
    argument("WAIT")
    argument(1)
    argument(Int(clamping: max(milliseconds, 1)))
  }

  /// Puts a compacted log in the place of the first `count` bytes, if these end with `proof`; what was appended since
  /// stays. Replies with the log's new length, or -1.
  mutating func trim(_ key: [UInt8], count: Int, proof: [UInt8], compacted: ContiguousArray<UInt8>) {
    begin(7)
    argument("EVAL")
    argument(Self.trimScript)
    argument(1)
    self.key(key.rawBytes)
    argument(count)
    argument(proof.rawBytes)
    argument(compacted.rawBytes)
  }

  /// Runs only where a log is rewritten, off the way of any decision, so that nothing is lost when a server that
  /// takes over does not know it.
  private static let trimScript: StaticString = """
    local count, proof = tonumber(ARGV[1]), ARGV[2]
    if redis.call('GETRANGE', KEYS[1], count - #proof, count - 1) ~= proof then return -1 end
    local since = redis.call('GETRANGE', KEYS[1], count, -1)
    local log = ARGV[3] .. since
    redis.call('SET', KEYS[1], log, 'KEEPTTL')
    return #log
    """

  /// Ten years in milliseconds: as good as for ever.
  static let expiryMax: Int64 = 10 * 365 * 86_400_000
}
