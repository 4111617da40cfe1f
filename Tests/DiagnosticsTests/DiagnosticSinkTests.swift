import Diagnostics
import Testing

@Suite struct DiagnosticSinkTests {
  private func codes(_ diagnostics: Diagnostic...) -> [String] {
    var sink = DiagnosticSink()
    for diagnostic in diagnostics { sink.report(diagnostic) }
    return sink.sorted().map { $0.code + ":" + $0.message }
  }

  @Test func sortsByPlaceThenCodeThenOrderOfReport() {
    #expect(
      codes(
        .error("z", "1", at: Span(start: 5, end: 6)),
        .error("b", "2", at: Span(start: 1, end: 3)),
        .error("a", "4", at: Span(start: 1, end: 3)),
        .error("a", "3", at: Span(start: 1, end: 3)),
        .error("y", "5", at: Span(start: 1, end: 2))) == ["y:5", "a:4", "a:3", "b:2", "z:1"])
  }

  @Test func dropsExactDuplicatesOnly() {
    let span = Span(start: 1, end: 2)
    #expect(
      codes(.error("a", "m", at: span), .error("a", "m", at: span), .error("a", "other", at: span)) == [
        "a:m", "a:other",
      ])
  }

  @Test func warningsAreNoErrors() {
    var sink = DiagnosticSink()
    #expect(sink.isEmpty)
    sink.report(.warning("a", "m", at: Span(at: 0)))
    #expect(!sink.hasErrors)
    var other = DiagnosticSink()
    other.report(.error("b", "m", at: Span(at: 0)))
    sink.merge(other)
    #expect(sink.hasErrors)
    #expect(sink.diagnostics.map(\.code) == ["a", "b"])
  }
}

@Suite struct SpellingTests {
  private let keys = ["environments", "evidence", "replicas", "on-failure", "to", "check-every", "checks"]

  @Test(arguments: [
    ("enviroments", "environments"), ("replcas", "replicas"), ("relpicas", "replicas"), ("Replicas", "replicas"),
    ("on_failure", "on-failure"), ("ON_FAILURE", "on-failure"), ("env", "environments"), ("checsk", "checks"),
    ("TO", "to"), ("check_evrey", "check-every"),
  ])
  func findsTheNameThatWasMeant(wrong: String, right: String) {
    #expect(Spelling.closest(to: wrong, among: keys) == right)
  }

  @Test(arguments: ["", "x", "tq", "banana", "e", "ev", String(repeating: "replicas", count: 100)])
  func findsNothingWhenNothingIsNear(wrong: String) {
    #expect(Spelling.closest(to: wrong, among: keys) == nil)
  }

  @Test func aPrefixCountsOnlyWhenItIsUnique() {
    #expect(Spelling.closest(to: "tim", among: ["timeout-start", "timeout-stop"]) == nil)
    #expect(Spelling.closest(to: "tim", among: ["timeout-start", "retries"]) == "timeout-start")
  }

  @Test func theFirstOfEquallyNearCandidatesWins() {
    #expect(Spelling.closest(to: "bat", among: ["cat", "hat"]) == "cat")
    #expect(Spelling.closest(to: "bat", among: ["hat", "cat"]) == "hat")
  }

  @Test func caseCostsLessThanALetter() {
    #expect(Spelling.closest(to: "PROD", among: ["prods", "prod"]) == "prod")
  }

  @Test func aTranspositionIsOneMistake() {
    #expect(Spelling.closest(to: "hosl", among: ["host", "hols"]) == "host")
    #expect(Spelling.closest(to: "abdc", among: ["abcd"]) == "abcd")
  }
}
