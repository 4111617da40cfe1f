internal import Diagnostics

extension TreeBuilder {
  /// The keys and values of a mapping that stay in the tree. Reports keys that are not names, merge keys and
  /// duplicates; the first of several equal keys stays.
  func entriesToKeep(_ range: Range<Int>, into problems: inout ProblemList) -> [Int32] {
    var kept: [Int32] = []
    kept.reserveCapacity(range.count)
    var index = range.lowerBound
    while index + 1 < range.upperBound {
      let key = pending[index]
      let value = pending[index + 1]
      index += 2
      guard key != Self.leftOut else { continue }
      if let problem = problem(withKey: nodes[Int(key)]) {
        problems.reportOutermost(problem)
      } else if value != Self.leftOut {
        kept.append(key)
        kept.append(value)
      }
    }
    return withoutDuplicates(kept, into: &problems)
  }

  private func problem(withKey key: Node) -> Diagnostic? {
    let span = Span(start: Int(key.start), end: Int(key.end))
    guard key.kind == .scalar else {
      let kind = key.kind == .mapping ? "mapping" : "list"
      return .error(
        YAMLCode.key, "a \(kind) is used as a key", at: span, label: "expected a name",
        help: ["put the text into quotes if `\(key.kind == .mapping ? "{" : "[")` is meant as a character"])
    }
    guard key.style == .plain else { return nil }
    if key.count == 0 {
      return .error(
        YAMLCode.key, "there is no key in front of this colon", at: span, label: "expected a name",
        help: ["write the key, or delete the entry"])
    }
    if text(of: key).elementsEqual([UInt8(ascii: "<"), UInt8(ascii: "<")]) {
      return .error(
        YAMLCode.mergeKey, "merge keys are not part of this language", at: span, label: "merges another mapping in",
        help: ["write the fields out where they apply"])
    }
    return nil
  }

  private func withoutDuplicates(_ entries: [Int32], into problems: inout ProblemList) -> [Int32] {
    let duplicates = duplicates(in: entries)
    guard !duplicates.isEmpty else { return entries }
    var isKept = [Bool](repeating: true, count: entries.count)
    for (first, again) in duplicates {
      isKept[again] = false
      isKept[again + 1] = false
      let key = nodes[Int(entries[again])]
      let earlier = nodes[Int(entries[first])]
      problems.report(
        .error(
          YAMLCode.duplicateKey, "the key \(Quotation.of(text(of: key))) is written twice in one mapping",
          at: Span(start: Int(key.start), end: Int(key.end)), label: "written again",
          related: [.init(span: Span(start: Int(earlier.start), end: Int(earlier.end)), label: "first written here")],
          help: ["keep one of the two, or rename one"]))
    }
    return entries.indices.filter { isKept[$0] }.map { entries[$0] }
  }

  /// Pairs of positions of equal keys: the first one and one that repeats it.
  private func duplicates(in entries: [Int32]) -> [(first: Int, again: Int)] {
    var found: [(first: Int, again: Int)] = []
    // Comparing each with each beats sorting for the few keys that a mapping has.
    if entries.count <= 32 {
      for again in stride(from: 2, to: entries.count, by: 2) {
        let first = stride(from: 0, to: again, by: 2).first { order(entries[$0], entries[again]) == 0 }
        if let first { found.append((first, again)) }
      }
      return found
    }
    // Sorting, not hashing, so that no choice of keys makes it slow.
    let sorted = stride(from: 0, to: entries.count, by: 2).sorted { left, right in
      let order = order(entries[left], entries[right])
      return order < 0 || (order == 0 && left < right)
    }
    var first = 0
    for index in sorted.indices.dropFirst() {
      if order(entries[sorted[first]], entries[sorted[index]]) == 0 {
        found.append((sorted[first], sorted[index]))
      } else {
        first = index
      }
    }
    return found.sorted { $0.again < $1.again }
  }

  /// Below, at or above 0 as the text of one key sorts before, with or behind the other's.
  private func order(_ left: Int32, _ right: Int32) -> Int {
    let left = nodes[Int(left)]
    let right = nodes[Int(right)]
    guard left.count == right.count else { return Int(left.count) - Int(right.count) }
    return scalarText.withUnsafeBufferPointer { text in
      for offset in 0..<Int(left.count) {
        let difference = Int(text[Int(left.first) + offset]) - Int(text[Int(right.first) + offset])
        if difference != 0 { return difference }
      }
      return 0
    }
  }

  private func text(of node: Node) -> ArraySlice<UInt8> {
    scalarText[Int(node.first)..<Int(node.first) + Int(node.count)]
  }
}
