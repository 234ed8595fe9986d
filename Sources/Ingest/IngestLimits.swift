/// What a message may have at most.
public enum IngestLimits {
  /// Bytes of a query, as it was sent.
  public static let queryBytesMax = 16_384
  /// Parameters of a query.
  public static let parametersMax = 64
  /// Bytes of a message in JSON.
  public static let jsonBytesMax = 1_048_576
  /// Items of one batch of payouts: PayPal's pages have no more.
  public static let itemsMax = 1_000
  /// Bytes of what a caller adds to a message, in all events of it together.
  public static let batchBytesMax = 8_388_608
  /// Bytes of one text of a message in JSON.
  static let textBytesMax = 4_096
  /// Bytes of a vendor's transaction id: with its namespace it has to fit into an event's id.
  static let transactionBytesMax = 100
  /// Bytes of a file of verifier keys.
  static let keyFileBytesMax = 262_144
  /// Keys in such a file.
  static let keysMax = 256
  /// How far a vendor's time may lie behind the arrival before it is taken for a mistake; milliseconds.
  static let futureMillisecondsMax: Int64 = 86_400_000
  /// 2010-01-01, before which no network had rewarded ads; milliseconds.
  static let timeMillisecondsMin: Int64 = 1_262_304_000_000
  /// Callbacks whose first arrival is remembered.
  static let arrivalsMax = 65_536
}
