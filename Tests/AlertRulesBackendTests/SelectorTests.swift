import Testing

@testable import AlertRulesBackend

@Suite struct SelectorTests {
  @Test(arguments: [
    (#"a_total{code=~"5.."}"#, #"a_total{code="500"}"#), (#"a:b{x="1", y!="2",}"#, #"a:b{x="1",y="other"}"#),
    (#"a{code=~"[45]\\d+|unknown"}"#, #"a{code="40"}"#), ("a", "a"), (#"a{ x !~ ".+" }"#, "a"),
    (#"a{x=~'b|c',x!="b"}"#, nil), (#"a{path="C:\\x\"y"}"#, #"a{path="C:\\x\"y"}"#),
  ]) func seriesIsOneThatTheSelectorSelects(text: String, series: String?) throws {
    let selector = try #require(Selector(text))
    #expect(Selector.series(selector.name, meeting: selector.matchers) == series)
  }

  @Test(arguments: [
    "", "{a=\"b\"}", "a{b}", "a{b=c}", "a{b=\"c\"", "a{b=\"c\"}[5m]", "sum(a)", "1a", "a b", "a{b=\"c\" d=\"e\"}",
    "a{b=\"\\n\"}",
  ])
  func whatIsNoSelectorIsLeftAlone(text: String) {
    #expect(Selector(text) == nil)
  }

  @Test func numbersAreWrittenAsPrometheusPrintsThem() {
    #expect(fixed(1.01, 2) == "1.01")
    #expect(fixed(94.05000000001, 2) == "94.05")
    #expect(fixed(0.004, 2) == "0.00")
    #expect(fixed(-0.004, 2) == "0.00")
    #expect(fixed(-1.5, 1) == "-1.5")
    #expect(fixed(505, 0) == "505")
    #expect(fixed(1e300, 0) == "1e+300")
  }

  @Test(arguments: [50.5, 49.5, 0.5, 1.0]) func numberOnTheEdgeOfRoundingIsMoved(value: Double) {
    let moved = clear(value, 0, upward: value > 1)
    #expect(fixed(moved - 1e-9, 0) == fixed(moved + 1e-9, 0))
    #expect((moved - value).magnitude < 0.05)
  }
}
