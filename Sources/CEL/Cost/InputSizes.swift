/// How large the values of an environment's variables are at most: what a bound on an expression's cost follows from.
public struct InputSizes: Sendable {
  /// The greatest sizes of one variable's value, lists in lists and values of maps included; nil where there is none.
  public struct Extent: Sendable, Hashable {
    /// UTF-8 bytes of each text, and bytes of each `bytes`.
    public var textBytesMax: Int?
    /// Elements of each list, entries of each map.
    public var elementsMax: Int?

    /// An extent; what is left out has no limit.
    public init(textBytesMax: Int? = nil, elementsMax: Int? = nil) {
      self.textBytesMax = textBytesMax
      self.elementsMax = elementsMax
    }
  }

  /// That of every variable that `bySlot` does not name.
  public var usual: Extent
  /// Those of single variables, by slot.
  public var bySlot: [Int: Extent]

  /// The same sizes for every variable but those of `bySlot`.
  public init(usual: Extent = Extent(), bySlot: [Int: Extent] = [:]) {
    self.usual = usual
    self.bySlot = bySlot
  }

  func extent(of slot: Int) -> Extent { bySlot[slot] ?? usual }
}
