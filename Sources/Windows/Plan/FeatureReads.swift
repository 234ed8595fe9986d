/// What events of one type read of an entity at one moment: windows in the order of their groups, and with each the
/// features that are made of it. Everything that reading needs stands side by side.
final class FeatureReads: Sendable {
  let windows: ContiguousArray<WindowRead>
  let features: ContiguousArray<FeatureLayout>

  /// `places` are indices into the builder's features, ascending.
  init(_ places: [Int], _ builder: FoldLayoutBuilder) {
    var windows: ContiguousArray<WindowRead> = []
    for (index, place) in places.enumerated() {
      let feature = builder.features[place]
      if let last = windows.last, last.window == feature.window, last.isPlain == feature.isPlain {
        windows[windows.count - 1].features = last.features.lowerBound..<index + 1
        continue
      }
      let first = builder.groups[feature.group].windows.lowerBound
      windows.append(
        WindowRead(
          group: feature.group, window: feature.window, place: feature.window - first,
          shape: builder.windows[feature.window], isPlain: feature.isPlain, features: index..<index + 1))
    }
    self.windows = windows
    features = ContiguousArray(places.map { builder.features[$0] })
  }
}

/// One window that is moved, and the features that are read from it then.
struct WindowRead {
  var group: Int
  /// Index into `FoldLayout.windows`, and among those of its group.
  var window: Int
  var place: Int
  var shape: WindowLayout
  /// All its features are.
  var isPlain: Bool
  /// Range of `FeatureReads.features`.
  var features: Range<Int>
}
