import Testing

@testable import Diagnostics

@Suite struct SourceFileTests {
  @Test func positionsCountLinesAndUnicodeScalarsFromOne() {
    let file = SourceFile(path: "a", text: "ab\nä𝄞c\n")
    #expect(file.position(of: 0) == Position(line: 1, column: 1))
    #expect(file.position(of: 1) == Position(line: 1, column: 2))
    #expect(file.position(of: 2) == Position(line: 1, column: 3))
    #expect(file.position(of: 3) == Position(line: 2, column: 1))
    #expect(file.position(of: 5) == Position(line: 2, column: 2))
    #expect(file.position(of: 9) == Position(line: 2, column: 3))
    #expect(file.position(of: 11) == Position(line: 3, column: 1))
  }

  @Test func offsetsOutsideTheFileAreItsStartAndEnd() {
    let file = SourceFile(path: "a", text: "ab")
    #expect(file.position(of: -5) == Position(line: 1, column: 1))
    #expect(file.position(of: 99) == Position(line: 1, column: 3))
    #expect(SourceFile(path: "a", text: "").position(of: 0) == Position(line: 1, column: 1))
  }

  @Test func allThreeLineEndsAreKnownAndTakeNoColumn() {
    let file = SourceFile(path: "a", text: "a\r\nb\rc\nd")
    #expect((1...4).map(file.line) == ["a", "b", "c", "d"])
    #expect(file.lineCount == 4)
    #expect(file.position(of: 2) == Position(line: 1, column: 2))
    #expect(file.position(of: 5) == Position(line: 3, column: 1))
  }

  @Test func byteOrderMarkTakesNoColumnAndIsNotInTheLine() {
    let file = SourceFile(path: "a", text: [0xEF, 0xBB, 0xBF, 0x61, 0x62])
    #expect(file.position(of: 0) == Position(line: 1, column: 1))
    #expect(file.position(of: 3) == Position(line: 1, column: 1))
    #expect(file.position(of: 4) == Position(line: 1, column: 2))
    #expect(file.line(1) == "ab")
  }

  @Test func bytesThatAreNotUTF8AreRepairedAndCountOneColumnEach() {
    let file = SourceFile(path: "a", text: [0x61, 0xFF, 0x80, 0x62])
    #expect(file.line(1) == "a\u{FFFD}\u{FFFD}b")
    #expect(file.position(of: 3).column == 4)
  }

  @Test func linesThatDoNotExistAreEmpty() {
    let file = SourceFile(path: "a", text: "x\n")
    #expect(file.line(0) == "")
    #expect(file.line(2) == "")
    #expect(file.line(3) == "")
    #expect(file.span(ofLine: 9) == Span(at: 2))
  }

  @Test func textOfASpanIsCutToTheFile() {
    let file = SourceFile(path: "a", text: "hello")
    #expect(file.text(in: Span(start: 1, end: 3)) == "el")
    #expect(file.text(in: Span(start: -4, end: 99)) == "hello")
    #expect(file.text(in: Span(start: 77, end: 99)) == "")
  }

  @Test func theLineTableIsTheSameWhenManyTasksAskAtOnce() async {
    let file = SourceFile(path: "a", text: String(repeating: "line\n", count: 500))
    let lines = await withTaskGroup(of: Int.self) { group in
      for task in 0..<50 { group.addTask { file.position(of: task * 50).line } }
      return await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(lines == Set((0..<50).map { $0 * 10 + 1 }))
  }
}

@Suite struct SpanTests {
  @Test func spansSortByStartThenEnd() {
    let spans = [Span(start: 3, end: 4), Span(start: 1, end: 9), Span(start: 1, end: 2)]
    #expect(spans.sorted() == [Span(start: 1, end: 2), Span(start: 1, end: 9), Span(start: 3, end: 4)])
  }

  @Test func endIsNeverBeforeStart() {
    #expect(Span(start: 5, end: 2) == Span(at: 5))
  }

  @Test func unionAndContainsAgree() {
    let left = Span(start: 1, end: 3)
    let right = Span(start: 6, end: 8)
    #expect(left.union(right) == Span(start: 1, end: 8))
    #expect(left.union(right).contains(right))
    #expect(!left.contains(right))
  }

  @Test func mappingALocatedValueKeepsItsPlace() {
    #expect(Located("12", at: Span(start: 2, end: 4)).map { Int($0) } == Located(12, at: Span(start: 2, end: 4)))
  }
}
