import Foundation
import ReleaseCompiler
import Testing

/// The same numbers on every machine (Knuth's MMIX generator).
struct Numbers {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}

@Suite struct UnifiedDiffTests {
  /// Lines of few kinds, so that pairs have much in common; some without a newline at the end, some with what trips
  /// comparisons by character: carriage returns, composed and decomposed letters, lines that look like a diff's own.
  private static let kinds = [
    "a", "b", "c", "", "same", "+ plus", "- minus", "--- a/x", "+++ b/x", "@@ -1,1 +1,1 @@",
    "\\ No newline at end of file",
    "é", "e\u{301}", "tab\t", "end\r", " space", "🏳️‍🌈",
  ]

  private static func pair(_ seed: Int) -> (old: String, new: String) {
    var numbers = Numbers(state: UInt64(seed) &* 2_654_435_761 &+ 1)
    var old = (0..<numbers.next(below: 30)).map { _ in kinds[numbers.next(below: kinds.count)] }
    var new = old
    for _ in 0..<numbers.next(below: 8) {
      switch numbers.next(below: 3) {
      case 0 where !new.isEmpty: new.remove(at: numbers.next(below: new.count))
      case 1 where !new.isEmpty: new[numbers.next(below: new.count)] = kinds[numbers.next(below: kinds.count)]
      default: new.insert(kinds[numbers.next(below: kinds.count)], at: numbers.next(below: new.count + 1))
      }
    }
    // A last line of its own, so that what has no newline is no empty line.
    if numbers.next(below: 4) == 0 { old.append("end") } else { old.append("") }
    if numbers.next(below: 4) == 0 { new.append("end") } else { new.append("") }
    return (old.joined(separator: "\n"), new.joined(separator: "\n"))
  }

  private func difference(_ pair: (old: String, new: String)) -> String {
    UnifiedDiff.text(old: pair.old, new: pair.new, oldName: "a/file", newName: "b/file")
  }

  @Test func patchMakesTheNewTextOfTheOldOneForTwoHundredPairs() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("file")
      for seed in 1...200 {
        let pair = Self.pair(seed)
        if Array(pair.old.utf8) == Array(pair.new.utf8) { continue }
        try Data(pair.old.utf8).write(to: file)
        let outcome = try run(
          "patch", ["--binary", "--fuzz=0", "--quiet", "--no-backup-if-mismatch", "file"], in: folder,
          input: difference(pair))
        // patch removes a file that becomes empty.
        let result = try? Data(contentsOf: file)
        #expect(outcome.code == 0, "seed \(seed): \(outcome.output)\n\(difference(pair))")
        #expect((result ?? Data()) == Data(pair.new.utf8), "seed \(seed)\n\(difference(pair))")
      }
    }
  }

  @Test func diffOfTheSystemPrintsAsManyChangedLinesAtTheSamePlaces() throws {
    try withTemporaryFolder { folder in
      for seed in 1...200 {
        let pair = Self.pair(seed)
        try Data(pair.old.utf8).write(to: folder.appendingPathComponent("old"))
        try Data(pair.new.utf8).write(to: folder.appendingPathComponent("new"))
        let theirs = try run("diff", ["--minimal", "--text", "-U", "3", "old", "new"], in: folder).output
        let ours = difference(pair)
        #expect(ours.isEmpty == theirs.isEmpty, "seed \(seed)")
        // Which of equal lines is called the changed one is a matter of taste; how many are is not.
        for sign in ["+", "-"] as [Character] {
          #expect(Self.changed(ours, sign) == Self.changed(theirs, sign), "seed \(seed)\n\(ours)\n\(theirs)")
        }
      }
    }
  }

  /// How many lines of the hunks are added or removed.
  private static func changed(_ diff: String, _ sign: Character) -> Int {
    diff.utf8.split(separator: UInt8(ascii: "\n")).dropFirst(2).count { $0.first == sign.asciiValue }
  }

  @Test func shortTextsAreComparedAsDiffDoes() {
    #expect(
      UnifiedDiff.text(old: "a\nb\nc\n", new: "a\nB\nc\n", oldName: "a/x", newName: "b/x") == """
        --- a/x
        +++ b/x
        @@ -1,3 +1,3 @@
         a
        -b
        +B
         c

        """)
  }

  @Test func newFileStartsAtLineZero() {
    #expect(
      UnifiedDiff.text(old: "", new: "a\nb", oldName: "/dev/null", newName: "b/x")
        == "--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n")
  }

  @Test func sameTextHasNoDifference() {
    #expect(UnifiedDiff.text(old: "a\r\nb", new: "a\r\nb", oldName: "a", newName: "b") == "")
  }

  @Test func differentBytesOfTheSameLettersAreADifference() {
    #expect(UnifiedDiff.text(old: "é\n", new: "e\u{301}\n", oldName: "a", newName: "b") != "")
  }

  @Test func carriageReturnBeforeTheNewlineIsPartOfTheLine() {
    #expect(
      Array(UnifiedDiff.text(old: "a\r\n", new: "b\r\n", oldName: "a", newName: "b").utf8)
        == Array("--- a\n+++ b\n@@ -1,1 +1,1 @@\n-a\r\n+b\r\n".utf8))
  }
}
