/// The entities of one shard by their keys, in the order of their use.
struct ResidentTable {
  /// One entity's place; it keeps its number as long as it is there.
  struct Place {
    var resident: Resident?
    /// Neighbours in the order of use; -1 at the ends.
    fileprivate var older: Int32 = -1
    fileprivate var newer: Int32 = -1
    /// As last added to the shard's sum.
    var countedBytes = 0
    /// From this time on no event that is not late reads a record of the entity.
    var expires = Int64.max
  }

  var places: ContiguousArray<Place> = []
  private var vacant: ContiguousArray<Int> = []
  private var index = IdentityIndex()
  /// The ends of the order of use.
  private(set) var oldest = -1
  private(set) var newest = -1

  var count: Int { index.count }
  var byteCount: Int { index.byteCount }

  /// The place of the key at `key` of `bytes`.
  @inline(__always) func find(_ key: Range<Int>, of bytes: RawSpan, hash: UInt64) -> Int? {
    let found = index.first(hash: hash) { place in
      switch places[Int(place)].resident {
      case .awake(let entity):
        let other = entity.key
        entity.prefetch()
        return bytes.equal(key, other.rawBytes)
      case .resting(let entity): return entity.hasKey(key, of: bytes)
      case nil: return false
      }
    }
    return found.map { Int($0) }
  }

  /// Takes in an entity as the one that was used last.
  mutating func insert(_ resident: Resident, hash: UInt64) -> Int {
    let place: Int
    if let free = vacant.popLast() {
      place = free
      places[place] = Place(resident: resident)
    } else {
      place = places.count
      places.append(Place(resident: resident))
    }
    index.insert(hash: hash, position: UInt32(place))
    link(place)
    return place
  }

  mutating func remove(_ place: Int, hash: UInt64) {
    unlink(place)
    index.remove(hash: hash, position: UInt32(place))
    places[place] = Place(resident: nil)
    vacant.append(place)
  }

  /// The entity was used.
  @inline(__always) mutating func touch(_ place: Int) {
    if newest == place { return }
    unlink(place)
    link(place)
  }

  /// The next in the order of use; the oldest after -1, and -1 after the newest.
  func next(after place: Int) -> Int { place < 0 ? oldest : Int(places[place].newer) }

  /// The one before in the order of use; -1 before the oldest.
  func previous(before place: Int) -> Int { Int(places[place].older) }

  private mutating func link(_ place: Int) {
    places[place].older = Int32(newest)
    places[place].newer = -1
    if newest >= 0 { places[newest].newer = Int32(place) } else { oldest = place }
    newest = place
  }

  private mutating func unlink(_ place: Int) {
    let older = places[place].older
    let newer = places[place].newer
    if older >= 0 { places[Int(older)].newer = newer } else { oldest = Int(newer) }
    if newer >= 0 { places[Int(newer)].older = older } else { newest = Int(older) }
  }
}
