package import Assay
internal import CEL
internal import Events
package import RuleSets
internal import Windows

/// Replays recorded events in memory up to the first one with an id, and decides that one so that it can be explained.
package struct EventSearch {
  private static let linesPerProgress = 4_096

  private let id: [UInt8]
  let idText: String
  private let recordsMax: Int
  private let engine: Engine<MemoryWindows>
  private let identity: Schema.Identity
  /// Lines that were read, and those of them that are events of the rule set.
  package private(set) var lines = 0
  package private(set) var events = 0
  /// What ended the reading of a file before its end.
  package private(set) var inputErrors: [InputError] = []
  /// The first line with the id that is no event of the rule set.
  package private(set) var refusal: Refused?
  /// What the wanted id may have been meant to be.
  private(set) var near: NearID

  /// A line with the wanted id that got no decision.
  package struct Refused: Sendable {
    package let place: ReplaySummary.LinePlace
    package let refusal: EventRefusal
  }

  /// The event that was looked for.
  package struct Found: Sendable {
    package let examination: Examination
    package let place: ReplaySummary.LinePlace
  }

  /// - Parameter recordsMax: how many records of each window to list.
  package init(
    _ id: String, rules: RuleSet, recordsMax: Int, bytesMax: Int = Engine<MemoryWindows>.bytesMaxDefault
  ) {
    self.id = Array(id.utf8)
    idText = id
    near = NearID(to: id)
    self.recordsMax = recordsMax
    engine = Engine(rules: rules, options: EngineOptions(clock: .replay), bytesMax: bytesMax)
    identity = rules.schema.identity
  }

  /// Goes on with the events of one file; `-` is standard input. Nil where it is not among them.
  package mutating func run(_ path: String, progress: (Replay.Progress) -> Void = { _ in }) -> Found? {
    do throws(InputError) {
      var reader = try LineReader(opening: path)
      while let found = try reader.next() {
        lines += 1
        if lines % Self.linesPerProgress == 0 {
          let (bytesRead, bytes) = reader.progress
          progress(Replay.Progress(lines: lines, bytesRead: bytesRead, bytes: bytes))
        }
        guard case .line = found else { continue }
        let place = ReplaySummary.LinePlace(file: reader.name, number: reader.number)
        if let examination = decide(reader.line, place) {
          return Found(examination: examination, place: place)
        }
      }
    } catch {
      inputErrors.append(error)
    }
    return nil
  }

  private mutating func decide(_ line: Span<UInt8>, _ place: ReplaySummary.LinePlace) -> Examination? {
    do throws(EventRefusal) {
      let event = try engine.decode(line)
      if event.frame.arena[event.id.range].elementsEqual(id) {
        return try engine.examine(event, recordsMax: recordsMax)
      }
      near.consider(event.frame.arena[event.id.range])
      _ = try engine.decide(event)
      events += 1
    } catch {
      if refusal == nil, names(line) { refusal = Refused(place: place, refusal: error) }
    }
    return nil
  }

  /// Whether a line that is no event has the id all the same.
  private func names(_ line: Span<UInt8>) -> Bool {
    guard let json = try? JSONValue(parsing: String(decoding: [UInt8](copying: line), as: UTF8.self)) else {
      return false
    }
    let found = identity.id.split(separator: ".").reduce(json as JSONValue?) { $0?[String($1)] }
    switch found ?? json[identity.id] {
    case .string(let text)?, .number(let text)?: return text.utf8.elementsEqual(id)
    default: return false
    }
  }
}
