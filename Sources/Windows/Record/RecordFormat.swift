/// The bytes of one record of an entity log. A log is records back to back and nothing else; all numbers are little
/// endian. A record describes itself: a rule set that is loaded later finds the types and columns it knows by
/// their tags.
///
/// Beside events there are records that say something about the log: an exclusion (a blocked event leaves the windows
/// that count accepted ones), a void (the record with that id and nonce was appended in error and counts as never
/// written), a gap (records up to its time were lost), a checkpoint, which begins a log that was cut and says what
/// the records that are gone have left behind, and a seal, which ends what was written anew then: whoever knows such a
/// log knows that seal, or what was appended behind it, as the last record, and finds it nowhere in any other cut.
///
///     offset  size
///          0     4  length of the whole record
///          4     1  kind: 1 event, 2 exclusion, 3 void, 4 gap, 5 checkpoint, 6 seal
///          5     1  flags: 1 the event reverses its target, 2 it amends it; 4 the log before this checkpoint was
///                   erased on purpose; 8 to 128, as a number: 31 for what was written anew, else which attempt of a
///                   store to append late what could not be appended at once, 0 for none, so that no two attempts
///                   are the same bytes
///          6     4  the writer's nonce, 0 in memory; of a void, the nonce of what it voids
///         10     8  event time, milliseconds
///         18     4  tag of the event's type
///         22     1  length of the event's id
///         23     1  length of the target's id, 0 for none
///         24     2  number of columns
///         26        the event's id, the target's id, the columns
///
/// A column is its tag (4 bytes), a kind byte and a payload: nothing for missing, failure, false and true; 8 bytes
/// for an integer; a 2-byte length and the bytes for text; 16 bytes of digest for text over `textBytesMax`.
///
/// An event that states its content has one column more than its plan says, under a tag of its own: the digest of what
/// it states, by which two records of it are known to be of one event whatever their times and other columns say.
///
/// Ids stand in full, not as a hash: ids crafted to collide must not hide an event.
package enum RecordFormat {
  package static let headerBytes = 26
  /// Longer text is kept as a digest: different texts still count as different, but cannot be given back.
  package static let textBytesMax = 256
  package static let idBytesMax = 255
  package static let eventKind: UInt8 = 1
  package static let exclusionKind: UInt8 = 2
  package static let voidKind: UInt8 = 3
  package static let gapKind: UInt8 = 4
  package static let checkpointKind: UInt8 = 5
  package static let sealKind: UInt8 = 6
  /// Where a store that shares logs writes its nonce into a record.
  package static let nonceOffset = 6
  package static let reversesFlag: UInt8 = 1
  package static let amendsFlag: UInt8 = 2
  package static let forgottenFlag: UInt8 = 4
  /// The tag of the column for the digest of stated content; tags of plans are hashes.
  static let contentTag: UInt32 = 0
  /// The flags that say something of the record, not of its way into the log.
  static let contentFlags: UInt8 = 7

  /// Where the flags are; above the content's stands how often it was attempted, or that it was written anew.
  static let flagsOffset = 5
  private static let markShift: UInt8 = 3
  private static let rewrittenMark: UInt8 = 31

  /// The flags of a record that is written anew with its log.
  static func rewritten(_ flags: UInt8) -> UInt8 { flags & contentFlags | rewrittenMark << markShift }

  /// Writes the number of an attempt to append late into a record; it begins anew at 1 where there is no room for it.
  package static func setAttempt(_ attempt: Int, of record: inout [UInt8]) {
    guard record.count >= headerBytes, attempt > 0 else { return }
    record[flagsOffset] =
      record[flagsOffset] & contentFlags | UInt8((attempt - 1) % 30 + 1) << markShift
  }

  /// Writes a nonce into a record.
  package static func setNonce(_ nonce: UInt32, of record: inout [UInt8]) {
    guard record.count >= headerBytes else { return }
    unsafe record.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: nonce.littleEndian, toByteOffset: nonceOffset, as: UInt32.self)
    }
  }

  /// What a column holds.
  package enum Column {
    package static let missing: UInt8 = 0
    package static let failure: UInt8 = 1
    package static let no: UInt8 = 2
    package static let yes: UInt8 = 3
    package static let integer: UInt8 = 4
    package static let text: UInt8 = 5
    package static let digest: UInt8 = 6
    /// Not in the record at all; never written.
    package static let absent: UInt8 = 255
  }
}

/// Codes of the `.failure` slots that windows write.
package enum WindowFailure {
  /// A condition or value of a record in the window could not be computed when it was recorded.
  package static let recordedFailure: UInt64 = 1
  /// The sum does not fit in 64 bits.
  package static let sumOverflow: UInt64 = 2
}
