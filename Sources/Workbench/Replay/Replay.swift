package import Assay
package import RuleSets
package import Events
internal import CEL
internal import Windows

/// Recorded events through a rule set: line for line, in constant memory, a decision or a bad line for each.
package struct Replay {
  /// Lines between two calls of `progress`.
  private static let linesPerProgress = 4_096

  /// Lines that are read ahead of windows that are far away.
  private static let linesPerChain = 256

  private let windows: Windows
  /// The words of the schema: what an excerpt of a broken line may show.
  private let names: Set<String>
  /// By path: the slot of each field.
  private let slots: [String: Int]
  private var places = IdentityPlaces()
  package private(set) var summary = ReplaySummary()
  /// Is given what each new decision was made of, with the event's line. Repeats are not given: they are no decisions of
  /// their own.
  package var recorder: Recorder?

  /// Takes what a decision was made of, before the decision goes to the sink.
  package typealias Recorder = (ExaminedDecision, [UInt8]) throws(OutputError) -> Void
  /// Looks on while events are decided; costs nothing where it is nil.
  package var look: Look?

  /// Sees each line before it is decided, whatever comes of it; over windows that are far away, before its decision is
  /// told of.
  package var beforehand: ((Span<UInt8>) -> Void)?

  /// Sees an event as the rules saw it, and its decision, before the sink does; repeated decisions and trials, too. The
  /// event's features are filled, unless it was decided before.
  package typealias Look = (borrowing Event, borrowing Decision) -> Void

  /// Where the windows are: in memory a decision is a plain call.
  private enum Windows {
    case memory(Engine<MemoryWindows>)
    case elsewhere(any LineDecider)
  }

  /// How far a file was read.
  package struct Progress: Sendable {
    package let lines: Int
    /// Of the file, as it is stored.
    package let bytesRead: Int
    /// Nil where the size is not known.
    package let bytes: Int?
  }

  /// A replay over fresh windows in memory, `bytesMax` bytes of them; `allFeatures` puts every feature of the rule set
  /// into each decision.
  package init(
    rules: RuleSet, allFeatures: Bool = false, bytesMax: Int = Engine<MemoryWindows>.bytesMaxDefault
  ) {
    let options = EngineOptions(clock: .replay, allFeatures: allFeatures)
    windows = .memory(Engine(rules: rules, options: options, bytesMax: bytesMax))
    (names, slots) = (rules.schema.names, rules.schema.slots)
  }

  /// A replay over windows that `decider` reaches.
  package init(rules: RuleSet, decider: any LineDecider) {
    windows = .elsewhere(decider)
    (names, slots) = (rules.schema.names, rules.schema.slots)
  }

  /// Decides the events of one file after those of the files before it; `-` is standard input.
  ///
  /// `idle` is called before more of the file must be waited for: what was decided may go out. A bad line does not
  /// end the run, and neither does a file that ends too early: the summary tells. Only a sink
  /// that cannot take decisions does.
  package mutating func run(
    _ path: String, progress: (Progress) -> Void = { _ in }, idle: () throws(OutputError) -> Void = {},
    sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    guard var reader = open(path) else { return }
    places.open(reader.name)
    switch windows {
    case .memory(let engine):
      defer { summary.evictedEntities = engine.store.statistics.evictedEntities }
      try run(&reader, engine, progress, idle, sink)
    case .elsewhere(let decider): try run(&reader, decider, progress, idle, sink)
    }
    if reader.hasByteOrderMark {
      summary.warnings.append("`\(reader.name)` begins with a byte order mark, which was skipped")
    }
  }

  private mutating func open(_ path: String) -> LineReader? {
    do {
      return try LineReader(opening: path)
    } catch {
      summary.inputErrors.append(error)
      return nil
    }
  }

  private mutating func next(_ reader: inout LineReader) -> LineReader.Found? {
    do {
      return try reader.next()
    } catch {
      summary.inputErrors.append(error)
      return nil
    }
  }

  private mutating func run(
    _ reader: inout LineReader, _ engine: Engine<MemoryWindows>, _ progress: (Progress) -> Void,
    _ idle: () throws(OutputError) -> Void, _ sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    while let found = next(&reader) {
      let place = ReplaySummary.LinePlace(file: reader.name, number: reader.number)
      switch found {
      case .tooLong(let bytes): refuse(place, .tooLong(bytes), line: [])
      case .line:
        beforehand?(reader.line)
        switch try answer(to: reader.line, engine) {
        case .success(let decision):
          let fields = summary.fieldsToLookAt(decision)
          if !fields.isEmpty { noteUnlisted(fields, in: [UInt8](copying: reader.line)) }
          try conclude(decision, place, sink)
        case .failure(let refusal): refuse(place, refusal, line: [UInt8](copying: reader.line))
        }
      }
      if summary.lines % Self.linesPerProgress == 0 { tell(progress, reader) }
      if !reader.hasMore { try idle() }
    }
  }

  private func answer(
    to line: Span<UInt8>, _ engine: Engine<MemoryWindows>
  ) throws(OutputError) -> Result<Decision, EventRefusal> {
    guard recorder != nil else {
      return Result { () throws(EventRefusal) in
        guard let look else { return try engine.decide(line) }
        return try engine.decide(line, look: look)
      }
    }
    let examined = Result { () throws(EventRefusal) in try engine.examine(line) }
    if case .success(let decided) = examined { try show(decided, [UInt8](copying: line)) }
    return examined.map(\.decision)
  }

  /// Hands out what a decision was made of.
  private func show(_ decided: ExaminedDecision, _ line: [UInt8]) throws(OutputError) {
    look?(decided.visit.event, decided.decision)
    if let recorder, !decided.decision.repeated { try recorder(decided, line) }
  }

  /// Reads ahead as far as that needs no waiting, and has what was read decided in one chain.
  private mutating func run(
    _ reader: inout LineReader, _ decider: any LineDecider, _ progress: (Progress) -> Void,
    _ idle: () throws(OutputError) -> Void, _ sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    var chain: [(place: ReplaySummary.LinePlace, line: [UInt8])] = []
    while let found = next(&reader) {
      let place = ReplaySummary.LinePlace(file: reader.name, number: reader.number)
      switch found {
      case .tooLong(let bytes):
        try decide(&chain, decider, sink)
        refuse(place, .tooLong(bytes), line: [])
      case .line: chain.append((place, [UInt8](copying: reader.line)))
      }
      if chain.count == Self.linesPerChain || !reader.hasMore {
        try decide(&chain, decider, sink)
        tell(progress, reader)
        if !reader.hasMore { try idle() }
      }
    }
    try decide(&chain, decider, sink)
  }

  private mutating func decide(
    _ chain: inout [(place: ReplaySummary.LinePlace, line: [UInt8])], _ decider: any LineDecider,
    _ sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    defer { chain.removeAll(keepingCapacity: true) }
    let lines = chain.map(\.line)
    guard look != nil || recorder != nil else {
      for (asked, answer) in zip(chain, decider.decide(lines)) {
        beforehand?(asked.line.span)
        switch answer {
        case .success(let decision):
          noteUnlisted(summary.fieldsToLookAt(decision), in: asked.line)
          try conclude(decision, asked.place, sink)
        case .failure(let refusal): refuse(asked.place, refusal, line: asked.line)
        }
      }
      return
    }
    for (asked, answer) in zip(chain, decider.examine(lines)) {
      beforehand?(asked.line.span)
      switch answer {
      case .success(let decided):
        try show(decided, asked.line)
        noteUnlisted(summary.fieldsToLookAt(decided.decision), in: asked.line)
        try conclude(decided.decision, asked.place, sink)
      case .failure(let refusal): refuse(asked.place, refusal, line: asked.line)
      }
    }
  }

  /// Decides sorted events after those that were decided before, over windows in memory or elsewhere.
  package mutating func run(
    _ events: SortedEvents, progress: (Progress) -> Void = { _ in },
    sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    summary.inputErrors += events.inputErrors
    for (place, bytes) in events.tooLong { refuse(place, .tooLong(bytes), line: []) }
    var start = 0
    while start < events.count {
      var chain = (start..<min(start + Self.linesPerChain, events.count)).map { index in
        let (line, place) = events.line(index)
        return (place: place, line: line)
      }
      start += chain.count
      switch windows {
      case .memory(let engine): try decide(chain, engine, sink)
      case .elsewhere(let decider): try decide(&chain, decider, sink)
      }
      progress(Progress(lines: start, bytesRead: start, bytes: events.count))
    }
  }

  private mutating func decide(
    _ chain: [(place: ReplaySummary.LinePlace, line: [UInt8])], _ engine: Engine<MemoryWindows>,
    _ sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    for (place, line) in chain {
      places.open(place.file)
      beforehand?(line.span)
      switch try answer(to: line.span, engine) {
      case .success(let decision):
        noteUnlisted(summary.fieldsToLookAt(decision), in: line)
        try conclude(decision, place, sink)
      case .failure(let refusal): refuse(place, refusal, line: line)
      }
    }
  }

  private mutating func conclude(
    _ decision: borrowing Decision, _ place: ReplaySummary.LinePlace,
    _ sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    summary.count(decision)
    if !decision.repeated, !decision.dryRun { places.note(decision.event, line: place.number) }
    try sink(decision)
  }

  private func tell(_ progress: (Progress) -> Void, _ reader: borrowing LineReader) {
    let (bytesRead, bytes) = reader.progress
    progress(Progress(lines: summary.lines, bytesRead: bytesRead, bytes: bytes))
  }

  private mutating func refuse(
    _ place: ReplaySummary.LinePlace, _ refusal: EventRefusal, line bytes: [UInt8]
  ) {
    // Looked into only where it is shown: a file that is not JSON at all costs no more than any other.
    let isShown = summary.keepsBadLines
    var line = ReplaySummary.BadLine(place, refusal, faultIn: isShown ? bytes : nil, names: names)
    if isShown && refusal.code == EventRefusal.conflict { line.first = firstPlace(of: bytes) }
    summary.refuse(line)
  }

  /// Where the id of an event that contradicts an earlier one was first seen.
  private func firstPlace(of line: [UInt8]) -> ReplaySummary.LinePlace? {
    guard let event = event(of: line) else { return nil }
    return places.first(String(decoding: event.frame.arena[event.id.range], as: UTF8.self))
  }

  private func event(of line: [UInt8]) -> Event? {
    switch windows {
    case .memory(let engine): try? engine.decode(line.span)
    case .elsewhere(let decider): try? decider.decode(line)
    }
  }

  /// Keeps what stands in fields whose enumeration does not have it.
  private mutating func noteUnlisted(_ fields: [String], in line: [UInt8]) {
    guard !fields.isEmpty, let event = event(of: line) else { return }
    for field in fields {
      guard let slot = slots[field], case let value = event.frame.slots[slot], value.kind == .string else {
        continue
      }
      summary.note(unlisted: String(decoding: event.frame.arena[value.range], as: UTF8.self), of: field)
    }
  }
}

extension [UInt8] {
  /// The bytes of a line.
  init(copying line: Span<UInt8>) {
    self.init()
    reserveCapacity(line.count)
    for index in line.indices { append(line[index]) }
  }
}

extension EventRefusal {
  /// The refusal of a line that no event can have.
  static func tooLong(_ bytes: Int) -> EventRefusal {
    let message = "a line of \(bytes) bytes, at most \(LineReader.lineBytesMax) are allowed"
    return EventRefusal(code: "too-large", message: message)
  }
}

extension ReplaySummary.BadLine {
  /// A refused line; with the line's own bytes also where it stops being JSON. `names` are what an excerpt may show.
  init(
    _ place: ReplaySummary.LinePlace, _ refusal: EventRefusal, faultIn bytes: [UInt8]?, names: Set<String>
  ) {
    self.init(place: place, code: refusal.code, field: refusal.field, message: refusal.message)
    if let bytes, code == DecodeError.Code.notJSON.rawValue { fault = JSONFault(in: bytes, names: names) }
  }
}

extension Schema {
  /// By path: where a field's value stands in a frame.
  fileprivate var slots: [String: Int] {
    Dictionary(
      fields.enumerated().map { ($0.element.path, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// Every word of a path, and the paths themselves: a JSON key may be either.
  var names: Set<String> {
    var paths = fields.map(\.path) + [identity.id, identity.time, "dry_run", "content_digest"]
    paths += [identity.reverses, identity.amends].compactMap { $0 }
    if case .field(let path) = identity.type { paths.append(path) }
    for field in fields {
      if case .money(let minor, let currency) = field.type { paths += [minor, currency] }
    }
    return Set(paths + paths.flatMap { $0.split(separator: ".").map(String.init) })
  }
}
