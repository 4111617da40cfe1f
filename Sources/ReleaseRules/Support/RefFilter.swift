/// A list of GitHub's branch or tag filters as one automaton, to find out whether two lists let the same ref through.
///
/// In a filter `*` stands for anything but `/`, `**` for anything, `?` and `+` repeat the character before them, `[]`
/// is a class, `\` takes the next character as it is. A pattern that starts with `!` takes out again what earlier ones
/// let in, and the last one that matches decides. Source: GitHub's docs, "Workflow syntax", filter pattern cheat sheet.
struct RefFilter {
  private struct Piece {
    /// Both ends included.
    var ranges: [ClosedRange<UInt32>]
    var canBeSkipped = false
    var canRepeat = false

    func matches(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } }
  }

  private struct Pattern {
    var pieces: [Piece]
    var takesOut: Bool
  }

  /// For each pattern, the pieces that may come next; the number of its pieces stands for its end.
  private typealias State = [[Int]]

  private let patterns: [Pattern]

  init(_ texts: [String]) {
    patterns = texts.map { text in
      let takesOut = text.hasPrefix("!")
      return Pattern(pieces: Self.pieces(of: takesOut ? String(text.dropFirst()) : text), takesOut: takesOut)
    }
  }

  enum Overlap: Equatable {
    case none
    /// One of the shortest refs that both let through.
    case ref(String)
    /// The patterns are too intricate to follow all ways through them; they have to be taken as overlapping.
    case undecided
  }

  /// Follows all refs that both lists could still let through, shortest first.
  static func overlap(_ first: RefFilter, _ second: RefFilter, limit: Int = 1024) -> Overlap {
    struct Pair: Hashable {
      let first: State
      let second: State
    }
    let patterns = first.patterns + second.patterns
    // Git's refs are shorter than this, and the work grows with the product of lengths and states.
    guard patterns.reduce(0, { $0 + $1.pieces.count }) <= 256 else { return .undecided }
    let alphabet = alphabet(of: patterns)
    let start = Pair(first: first.start, second: second.start)
    var known: Set<Pair> = [start]
    var queue: [(state: Pair, text: String)] = [(start, "")]
    var head = 0
    while head < queue.count {
      let (state, text) = queue[head]
      head += 1
      for scalar in alphabet {
        let next = Pair(first: first.step(state.first, scalar), second: second.step(state.second, scalar))
        guard first.isAlive(next.first), second.isAlive(next.second) else { continue }
        let longer = text + String(Character(Unicode.Scalar(scalar) ?? "?"))
        if first.accepts(next.first), second.accepts(next.second) { return .ref(longer) }
        guard known.insert(next).inserted else { continue }
        if queue.count >= limit { return .undecided }
        queue.append((next, longer))
      }
    }
    return .none
  }

  /// The pattern that lets a ref through, as its place in the list.
  func decider(of ref: String) -> Int? {
    var state = start
    for scalar in ref.unicodeScalars { state = step(state, scalar.value) }
    return decider(state)
  }

  private func accepts(_ state: State) -> Bool { decider(state) != nil }

  private func decider(_ state: State) -> Int? {
    let last = patterns.indices.last { state[$0].last == patterns[$0].pieces.count }
    return last.flatMap { patterns[$0].takesOut ? nil : $0 }
  }

  /// Whether anything could still be let through.
  private func isAlive(_ state: State) -> Bool {
    patterns.indices.contains { !patterns[$0].takesOut && !state[$0].isEmpty }
  }

  private var start: State { patterns.map { Self.closed([0], in: $0.pieces) } }

  private func step(_ state: State, _ scalar: UInt32) -> State {
    zip(state, patterns).map { positions, pattern in
      var next: [Int] = []
      for position in positions where position < pattern.pieces.count && pattern.pieces[position].matches(scalar) {
        if pattern.pieces[position].canRepeat { next.append(position) }
        next.append(position + 1)
      }
      return Self.closed(next, in: pattern.pieces)
    }
  }

  /// The positions and those that are reached by skipping pieces, rising and each once.
  private static func closed(_ positions: [Int], in pieces: [Piece]) -> [Int] {
    var result: [Int] = []
    for position in positions {
      var current = position
      while current > result.last ?? -1 {
        result.append(current)
        guard current < pieces.count, pieces[current].canBeSkipped else { break }
        current += 1
      }
    }
    return result
  }

  /// One character for each group of characters that no pattern tells apart.
  private static func alphabet(of patterns: [Pattern]) -> [UInt32] {
    // Nothing below `!` is allowed in the name of a ref, and no surrogates.
    let least: UInt32 = 0x21
    let bounds = patterns.flatMap(\.pieces).flatMap(\.ranges).flatMap { [$0.lowerBound, $0.upperBound &+ 1] }
    // Letters and digits first, so that the ref that is found looks like one.
    return Set(bounds + [least, 0x61]).filter { $0 >= least && Unicode.Scalar($0) != nil }
      .sorted { (isWordLike($0) ? 0 : 1, $0) < (isWordLike($1) ? 0 : 1, $1) }
  }

  private static func isWordLike(_ scalar: UInt32) -> Bool {
    (0x30...0x39).contains(scalar) || (0x41...0x5A).contains(scalar) || (0x61...0x7A).contains(scalar)
  }

  private static func pieces(of text: String) -> [Piece] {
    let all: ClosedRange<UInt32> = 0...0x10FFFF
    let slash: UInt32 = 0x2F
    var pieces: [Piece] = []
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*":
        let isDouble = rest.first == "*"
        if isDouble { rest.removeFirst() }
        let ranges = isDouble ? [all] : [0...slash - 1, slash + 1...all.upperBound]
        pieces.append(Piece(ranges: ranges, canBeSkipped: true, canRepeat: true))
      case "?" where !pieces.isEmpty:
        pieces[pieces.count - 1].canBeSkipped = true
      case "+" where !pieces.isEmpty:
        pieces[pieces.count - 1].canRepeat = true
      case "[":
        guard let end = rest.firstIndex(of: "]"), end > rest.startIndex else {
          pieces.append(Piece(ranges: [scalar.value...scalar.value]))
          continue
        }
        pieces.append(Piece(ranges: ranges(ofClass: rest[..<end])))
        rest = rest[(end + 1)...]
      case "\\":
        let escaped = rest.popFirst() ?? scalar
        pieces.append(Piece(ranges: [escaped.value...escaped.value]))
      default:
        pieces.append(Piece(ranges: [scalar.value...scalar.value]))
      }
    }
    return pieces
  }

  private static func ranges(ofClass members: ArraySlice<Unicode.Scalar>) -> [ClosedRange<UInt32>] {
    var ranges: [ClosedRange<UInt32>] = []
    var rest = members
    while let first = rest.popFirst() {
      guard rest.count >= 2, rest.first == "-" else {
        ranges.append(first.value...first.value)
        continue
      }
      rest.removeFirst()
      let last = rest.removeFirst()
      // A range that runs backwards matches nothing.
      if first.value <= last.value { ranges.append(first.value...last.value) }
    }
    return ranges
  }
}
