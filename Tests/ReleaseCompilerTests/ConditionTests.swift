import Diagnostics
import ReleaseLanguage
import ReleaseModel
import Testing
import YAMLDocument

/// A condition taken apart, in words that differ whenever the parsed values do.
private func parts(_ condition: Condition) -> String {
  var text: String
  switch condition.kind {
  case .manual: return "manual"
  case .checkFails(let name): text = "check \(name.value) fails"
  case .metric(let metric):
    text = "metric \(metric.metric.value) \(metric.comparison.rawValue) "
    switch metric.threshold.value {
    case .fixed(let quantity): text += "\(shortNumber(quantity.value)) \(quantity.unit.rawValue)"
    case .relative(let reference, let factor, let offset):
      text += "\(reference.rawValue) * \(shortNumber(factor))"
      if let offset { text += " + \(shortNumber(offset.value)) \(offset.unit.rawValue)" }
    }
    if let over = metric.over { text += ", window \(over.value.milliseconds)ms" }
    if let events = metric.minimumEvents { text += ", \(events) events" }
    if let floor = metric.baselineFloor {
      text += ", floor \(shortNumber(floor.value.value)) \(floor.value.unit.rawValue)"
    }
  }
  switch condition.sustained {
  case .time(let span): text += ", for \(span.milliseconds)ms"
  case .checks(let count): text += ", \(count) checks"
  case nil: break
  }
  return text
}

/// The conditions that take prod back.
private func conditions(_ list: String) throws -> [Condition] {
  let text = try spec([("when: [error-rate > 3% over 5m, latency > 900ms over 5m]", "when: \(list)")])
  var sink = DiagnosticSink()
  let document = try #require(YAMLDocument.parse(SourceFile(path: "release.yaml", text: text), into: &sink))
  let spec = try #require(ReleaseSpecShape.read(document, into: &sink))
  #expect(sink.sorted().map(\.message) == [], "\(list)")
  return spec.environments["prod"]?.rollback?.when ?? []
}

@Suite struct ConditionTests {
  @Test(arguments: [
    ("error-rate > 3%", "metric error-rate > 3 percent"),
    ("error-rate >= 0.5%", "metric error-rate >= 0.5 percent"),
    ("error-rate < 000000003%", "metric error-rate < 3 percent"),
    ("error-rate <= 100%", "metric error-rate <= 100 percent"),
    ("latency > 500ms", "metric latency > 500 ms"),
    ("latency > 1.5s", "metric latency > 1.5 s"),
    ("latency > 2m", "metric latency > 120 s"),
    ("error-rate>3%", "metric error-rate > 3 percent"),
    ("  error-rate   >   3%  ", "metric error-rate > 3 percent"),
    ("error-rate > 3% over 5m", "metric error-rate > 3 percent, window 300000ms"),
    ("error-rate > 3% for 2m", "metric error-rate > 3 percent, for 120000ms"),
    ("error-rate > 3% for 1 check", "metric error-rate > 3 percent, 1 checks"),
    ("error-rate > 3% for 4 checks", "metric error-rate > 3 percent, 4 checks"),
    ("error-rate > 3% with >= 200 events", "metric error-rate > 3 percent, 200 events"),
    (
      "error-rate > 3% over 1h30m for 3 checks with >= 20 events",
      "metric error-rate > 3 percent, window 5400000ms, 20 events, 3 checks"
    ),
    (
      "error-rate > 3% with >= 20 events for 3m over 5m",
      "metric error-rate > 3 percent, window 300000ms, 20 events, for 180000ms"
    ),
    ("error-rate > baseline", "metric error-rate > baseline * 1"),
    ("error-rate > 2x baseline", "metric error-rate > baseline * 2"),
    ("error-rate > 2x  baseline", "metric error-rate > baseline * 2"),
    ("error-rate > 1.1x baseline over 5m", "metric error-rate > baseline * 1.1, window 300000ms"),
    ("error-rate > baseline + 10pp", "metric error-rate > baseline * 1 + 10 percent"),
    ("error-rate < baseline - 0.5pp", "metric error-rate < baseline * 1 + -0.5 percent"),
    ("error-rate > target", "metric error-rate > target * 1"),
    ("latency > slo + 20%", "metric latency > slo * 1.2"),
    ("latency < slo - 25%", "metric latency < slo * 0.75"),
    ("latency > slo + 20ms", "metric latency > slo * 1 + 20 ms"),
    ("latency > slo + 0.5s", "metric latency > slo * 1 + 0.5 s"),
    (
      "error-rate > 2x baseline over 5m floor 0.1% with >= 20 events",
      "metric error-rate > baseline * 2, window 300000ms, 20 events, floor 0.1 percent"
    ),
    ("latency > 3x slo for 2m", "metric latency > slo * 3, for 120000ms"),
    ("smoke fails", "check smoke fails"),
    ("smoke fails for 30s", "check smoke fails, for 30000ms"),
    ("smoke fails for 3 checks", "check smoke fails, 3 checks"),
  ]) func textMeans(text: String, meaning: String) throws {
    for quoted in [text, "'\(text)'", "\"\(text)\""] {
      let conditions = try conditions("[\(quoted)]")
      #expect(conditions.map(parts) == [meaning], "\(quoted)")
    }
  }

  @Test func reasonThatOnlyAPersonCanJudgeKeepsItsWords() throws {
    let condition = try #require(try conditions("[{ manual: A P0 path is broken. }]").first)
    #expect(parts(condition) == "manual")
    #expect(condition.text == "A P0 path is broken.")
  }

  @Test func conditionKeepsWhatWasWritten() throws {
    #expect(try conditions("[error-rate  >  3% over 5m]").first?.text == "error-rate  >  3% over 5m")
  }

  @Test(arguments: [
    ("latency > slo + 0.5s", 900.0), ("latency > slo - 20ms", 380), ("latency > 2x slo", 800),
    ("latency > slo + 20%", 480),
    ("latency > 1.5s", 1500), ("latency > 2m", 120_000),
  ]) func boundIsInTheMetricsUnitWhateverItIsWrittenIn(text: String, bound: Double) throws {
    let changed = try spec([("when: [error-rate > 3% over 5m, latency > 900ms over 5m]", "when: [\(text)]")])
    let plan = try #require(check(changed).plan)
    let prod = try #require(plan.environments.first { $0.name == "prod" })
    let conditions = prod.rollbackWhen
    guard case .metric(_, _, bound: .fixed(let value))? = conditions.first?.subject else {
      Issue.record("no fixed bound: \(conditions)")
      return
    }
    #expect(abs(value - bound) < 0.000_001)
  }

  @Test func unitsOfBytesRatesAndCountsAreRead() throws {
    let quantities = [
      ("250/s", "per-second", "250"), ("2KiB", "bytes", "2048"), ("1MiB", "bytes", "1048576"),
      ("0.5GiB", "bytes", "536870912"), ("18", "count", "18"), ("1.5", "ratio", "1.5"),
    ]
    for (text, unit, number) in quantities {
      let changed = try spec([
        ("unit: percent", "unit: \(unit)"), ("target: 1%", "target: \(text)"),
        ("when: [error-rate > 3% over 5m, latency > 900ms over 5m]", "when: [error-rate > \(text)]"),
        ("slos: { errors: { below: 5%, metric: error-rate }, answers: { below: 2s, metric: latency } }", ""),
      ])
      var sink = DiagnosticSink()
      let document = try #require(YAMLDocument.parse(SourceFile(path: "", text: changed), into: &sink))
      let spec = try #require(ReleaseSpecShape.read(document, into: &sink))
      #expect(sink.sorted().map(\.message) == [])
      #expect(spec.metrics["error-rate"]?.target?.value.number == number)
    }
  }
}

/// What is wrong with a condition is shown at the word, wherever in a quoted or plain text it stands.
@Suite struct ConditionProblemTests {
  private static func expect(_ marked: String, _ message: String, code: String = "invalid-condition") throws {
    // The same mistake in three styles: the place inside the text must not depend on the style.
    for quoted in [marked, "'\(marked)'", "\"\(marked)\""] {
      try Slip("when: [error-rate > 3% over 5m, latency > 900ms over 5m]", "when: [\(quoted)]", "\(code): \(message)")
        .expectFindings()
    }
  }

  @Test(arguments: [
    ("error-rat«e»", "this condition ends before `fails` or a comparison"),
    ("error-rate «=» 3%", "`=` is no comparison"), ("error-rate «==» 3%", "`==` is no comparison"),
    ("error-rate «=>» 3%", "`=>` is no comparison"), ("smoke «failed» for 2m", "`failed` is no comparison"),
    ("smoke «is» broken", "`is` is no comparison"), ("2x «baseline» < error-rate", "`baseline` is no comparison"),
    ("error-rate > «three» over 5m", "`three` is no threshold"),
    ("error-rate > «3.%» over 5m", "`3.%` is no threshold"),
    ("error-rate > «.5%»", "`.5%` is no threshold"), ("error-rate > «-3%»", "`-3%` is no threshold"),
    ("error-rate > «1234567890%»", "`1234567890%` is no threshold"), ("error-rate > «1e3»", "`1e3` is no threshold"),
    ("error-rate > «2xbaseline»", "`2xbaseline` is no threshold"),
    ("error-rate > «baselin»", "`baselin` is no threshold"),
    ("error-rate > baseline «+»", "this condition ends before how much more or less than the baseline"),
    ("error-rate > baseline + «much»", "`much` is no amount"), ("latency > slo + «20%%»", "`20%%` is no amount"),
    ("error-rate > 3% «ovr» 5m", "`ovr` does not belong here"),
    ("error-rate > 3% over 5m «please»", "`please` does not belong here"),
    ("smoke fails «over» 5m", "`over` does not belong here"),
    ("smoke fails «with» >= 3 events", "`with` does not belong here"),
    ("error-rate > 3% ove«r»", "this condition ends before the length of the window"),
    ("smoke fails fo«r»", "this condition ends before how long"),
    ("error-rate > 3% over «5»", "`5` is not a length of time"),
    ("error-rate > 3% over «0s»", "`0s` is shorter than a second"),
    ("error-rate > 3% over «5m3h»", "`5m3h` is not a length of time"),
    ("smoke fails for «ever»", "`ever` is not a length of time"),
    ("smoke fails for «1001» checks", "`1001` is no number of checks"),
    ("smoke fails for «0» checks", "`0` is no number of checks"),
    ("smoke fails for «+3» checks", "`+3` is not a length of time"),
    ("smoke fails for «-3» checks", "`-3` is not a length of time"),
    ("error-rate > 3% «with >= 0 events»", "this clause is not `with >= N events`"),
    ("error-rate > 3% «with > 20 events»", "this clause is not `with >= N events`"),
    ("error-rate > 3% «with >= +20 events»", "this clause is not `with >= N events`"),
    ("error-rate > 3% «with >= 20 things»", "this clause is not `with >= N events`"),
    ("error-rate > 3% with >= 2«0»", "this condition ends before `events`"),
    ("error-rate > 3% «floor» 1%", "`floor` does not belong here"),
    ("error-rate > 2x baseline floor «0%»", "`0%` is no floor for the baseline"),
    ("error-rate > 3% over 5m «over» 10m", "`over` stands here twice"),
    ("smoke fails for 5m «for» 3 checks", "`for` stands here twice"),
    ("error-rate > 3% with >= 2 events «with» >= 3 events", "`with` stands here twice"),
  ]) func wordThatDoesNotFitIsMarked(marked: String, message: String) throws {
    // A single word in brackets is a condition only when it is plain text there.
    try Self.expect(marked, message)
  }

  @Test(arguments: [
    ("error-rate > 3% «ovr» 5m", "what may follow is `over`, `for` or `with`"),
    ("smoke fails «over» 5m", "what may follow is `for`"),
    ("error-rate «=» 3%", "write one of `<`, `<=`, `>`, `>=`, or `fails` behind the name of a check"),
  ]) func helpSaysWhatToWrite(marked: String, help: String) throws {
    let (text, _) = unmarked(
      try spec([("when: [error-rate > 3% over 5m, latency > 900ms over 5m]", "when: [\(marked)]")]))
    #expect(check(text).diagnostics.map(\.help) == [[help]])
  }

  @Test func columnCountsCharactersNotBytes() throws {
    try Slip(
      "when: [error-rate > 3% over 5m, latency > 900ms over 5m]", #"when: ["größe > 3% «ovr» 5m"]"#,
      "invalid-condition: `ovr` does not belong here"
    ).expectFindings()
  }

  @Test func escapesInQuotesAreNotCountedAsWhatTheyStandFor() throws {
    // One character of the value is six in the file: the whole text is marked when a part of it cannot be.
    let text = try spec([
      ("when: [error-rate > 3% over 5m, latency > 900ms over 5m]", #"when: ["error-rate > \u0033% ovr 5m"]"#)
    ])
    let place = try #require(findings(check(text)).first)
    #expect(["49:37-40", "49:14-43", "48:36-39", "48:14-43"].contains { place.hasPrefix($0) }, "\(place)")
  }

  @Test(arguments: [
    (
      "error-rate > «500ms»", "`500ms` cannot be compared with a metric in percent",
      "write the value in the metric's unit, such as `1%`"
    ),
    (
      "error-rate > «5»", "`5` cannot be compared with a metric in percent",
      "write the value in the metric's unit, such as `1%`"
    ),
    (
      "latency > «5%»", "`5%` cannot be compared with a metric in ms",
      "write the value in the metric's unit, such as `500ms`"
    ),
    (
      "latency > «250/s»", "`250/s` cannot be compared with a metric in ms",
      "write the value in the metric's unit, such as `500ms`"
    ),
    (
      "error-rate > «target + 20ms»", "`20ms` cannot be added to a metric in percent",
      "write the value in the metric's unit, such as `1%`"
    ),
    (
      "error-rate > 2x baseline floor «5ms»", "`5ms` cannot be compared with a metric in percent",
      "write the value in the metric's unit, such as `1%`"
    ),
    (
      "latency > «slo + 10pp»", "`10pp` cannot be added to a metric in ms",
      "write the value in the metric's unit, such as `500ms`"
    ),
  ]) func unitThatIsNotTheMetricsIsMarked(marked: String, message: String, help: String) throws {
    try Self.expect(marked, message, code: "unit-mismatch")
    let (text, _) = unmarked(
      try spec([("when: [error-rate > 3% over 5m, latency > 900ms over 5m]", "when: [\(marked)]")]))
    #expect(check(text).diagnostics.map(\.help) == [[help]])
  }

  @Test(arguments: [
    (
      "error-rate > «baseline + 10%» floor 1%", "`+ 10%` of a metric that is itself in percent can mean two things",
      "write `1.1x baseline` for a factor, or `baseline + 10pp` for percentage points"
    ),
    (
      "error-rate > «baseline - 10%» floor 1%", "`- 10%` of a metric that is itself in percent can mean two things",
      "write `0.9x baseline` for a factor, or `baseline - 10pp` for percentage points"
    ),
  ]) func percentOfPercentIsAnsweredWithBothMeanings(marked: String, message: String, help: String) throws {
    try Self.expect(marked, message, code: "unit-mismatch")
    let (text, _) = unmarked(
      try spec([("when: [error-rate > 3% over 5m, latency > 900ms over 5m]", "when: [\(marked)]")]))
    #expect(check(text).diagnostics.map(\.help) == [[help]])
  }

  @Test(arguments: [
    ("error-rate > «2x slo»", "`error-rate` has no `slo`"), ("latency > «target»", "`latency` has no `target`"),
  ]) func referenceThatTheMetricDoesNotHaveIsMarked(marked: String, message: String) throws {
    try Self.expect(marked, message, code: "unknown-name")
  }

  @Test(arguments: [
    Slip("target: 1%", "target: «320ms»", "unit-mismatch: `320ms` cannot be compared with a metric in percent"),
    Slip("slo: 400ms", "slo: «40%»", "unit-mismatch: `40%` cannot be compared with a metric in ms"),
    Slip("slo: 400ms", "slo: «4»", "unit-mismatch: `4` cannot be compared with a metric in ms"),
  ]) func valueOfAMetricIsInItsUnit(slip: Slip) throws { try slip.expectFindings() }
}
