/// `breaker:` of `ruleset.yaml`: when the share of blocked events is no longer believed.
public struct Breaker: Sendable, Hashable {
  /// The share of blocks up to which they stand; hundredths of a percent.
  public let basisPoints: Int
  /// Over how much time of events the share is taken; milliseconds.
  public let withinMilliseconds: Int64
  /// Below so many decisions the share says nothing.
  public let decisionsMin: Int

  /// `basisPoints` of at most 10,000, over a span above zero.
  public init(basisPoints: Int, withinMilliseconds: Int64, decisionsMin: Int) {
    self.basisPoints = basisPoints
    self.withinMilliseconds = withinMilliseconds
    self.decisionsMin = decisionsMin
  }
}
