import GitHubWorkflow
import Testing

@Suite struct ExpressionEvaluationTests {
  private static let context = ExpressionContext(
    contexts: [
      "github": .object([
        "ref": .string("refs/heads/main"),
        "event": .object(["labels": .array([.object(["name": .string("bug")]), .object(["name": .string("docs")])])]),
      ]),
      "needs": .object([
        "a": .object(["result": .string("success"), "outputs": .object(["v": .string("1")])]),
        "b": .object(["result": .string("failure"), "outputs": .object([:])]),
      ]),
      "env": .texts(["Name": "x"]), "vars": .texts(["EMPTY": "", "ZERO": "0"]),
      "matrix": .object(["list": .array([.number(10), .number(20)]), "none": .null]),
    ],
    status: .init(success: true, failure: false, cancelled: false))

  private func value(_ expression: Expression) throws -> ExpressionValue {
    try expression.evaluate(in: Self.context)
  }

  @Test(arguments: [
    (Expression.string("ABC"), Expression.string("abc"), true), (.number(1), .string(" 1 "), true),
    (.number(1), .string("1x"), false), (.null, .number(0), true), (.null, .string(""), true),
    (.boolean(true), .number(1), true), (.boolean(true), .string("1"), true), (.boolean(true), .string("true"), false),
    (.boolean(false), .string(""), true), (.string(""), .number(0), true), (.number(.nan), .number(.nan), false),
    (.null, .null, true), (.string("0x10"), .number(16), true), (.string("1e3"), .number(1000), true),
    (.string("ß"), .string("SS"), false), (.string("É"), .string("é"), true), (.null, .boolean(false), true),
    (.github("event.labels"), .string("Array"), false), (.github("event"), .null, false),
    (.string("0o17"), .number(15), true), (.string(".5"), .number(0.5), true),
    (.string("Infinity"), .number(.infinity), true),
    (.string("inf"), .number(.infinity), false), (.string("0xffffffff"), .number(-1), true),
    (.string("+1"), .number(1), true),
  ])
  func equalityIsLoose(left: Expression, right: Expression, isEqual: Bool) throws {
    #expect(try value(left.equals(right)) == .boolean(isEqual))
    #expect(try value(right.equals(left)) == .boolean(isEqual))
    #expect(try value(left.differs(from: right)) == .boolean(!isEqual))
  }

  @Test(arguments: [
    (Expression.number(2), Expression.number(1), false), (.string("2"), .number(10), true),
    (.string("A"), .string("b"), true), (.string("10"), .string("9"), true), (.string("x"), .number(1), false),
    (.number(1), .string("x"), false), (.boolean(false), .boolean(true), true), (.github("event"), .number(1), false),
    (.null, .number(1), true),
  ])
  func orderFollowsTheSameConversions(left: Expression, right: Expression, isLess: Bool) throws {
    #expect(try value(.comparison(.less, left, right)) == .boolean(isLess))
    #expect(try value(.comparison(.greater, right, left)) == .boolean(isLess))
  }

  @Test func equalValuesAreAlsoLessOrEqual() throws {
    #expect(try value(.comparison(.lessOrEqual, .number(1), .string("1"))) == .boolean(true))
    #expect(try value(.comparison(.greaterOrEqual, .null, .number(0))) == .boolean(true))
    #expect(try value(.comparison(.greaterOrEqual, .number(.nan), .number(.nan))) == .boolean(false))
    #expect(try value(.comparison(.greaterOrEqual, .number(1), .number(2))) == .boolean(false))
  }

  @Test func logicGivesTheOperandThatDecides() throws {
    #expect(try value(.string("a") && .string("b")) == .string("b"))
    #expect(try value(.string("") && .string("b")) == .string(""))
    #expect(try value(.string("") || .string("b")) == .string("b"))
    #expect(try value(.number(0) || .null) == .null)
    #expect(try value(!(.string(""))) == .boolean(true))
    #expect(try value(.boolean(false) && .number(1) || .number(2)) == .number(2))
  }

  @Test func operandsThatDoNotMatterAreNotEvaluated() throws {
    let broken = Expression.call(.fromJSON, [.string("")])
    #expect(try value(.boolean(true) || broken) == .boolean(true))
    #expect(try value(.boolean(false) && broken) == .boolean(false))
    #expect(throws: ExpressionFailure.invalidJSON("")) { try value(.boolean(true) && broken) }
  }

  @Test(arguments: [
    (ExpressionValue.null, false), (.boolean(false), false), (.number(0), false), (.number(.nan), false),
    (.string(""), false), (.string("false"), true), (.string("0"), true), (.number(-1), true), (.array([]), true),
    (.object([:]), true),
  ])
  func truthFollowsGitHub(value: ExpressionValue, isTruthy: Bool) {
    #expect(value.isTruthy == isTruthy)
  }

  @Test func whatIsNotThereIsNull() throws {
    #expect(try value(.path("needs.nope.result")) == .null)
    #expect(try value(.path("github.ref.x")) == .null)
    #expect(try value(.element(.path("matrix.list"), .number(9))) == .null)
    #expect(try value(.element(.path("matrix.list"), .number(-1))) == .null)
    #expect(throws: ExpressionFailure.unknownContext("nope")) { try value(.path("nope.x")) }
  }

  @Test func namesIgnoreCaseButForEnvironmentVariables() throws {
    #expect(try value(.path("NEEDS.A.Result")) == .string("success"))
    #expect(try value(.path("env.Name")) == .string("x"))
    #expect(try value(.path("env.name")) == .null)
  }

  @Test func aStarLooksIntoEveryElement() throws {
    let results = Expression.property(.all(.context("needs")), "result")
    #expect(try value(results) == .array([.string("success"), .string("failure")]))
    #expect(try value(.call(.contains, [results, .string("FAILURE")])) == .boolean(true))
    #expect(try value(.property(.all(.github("event.labels")), "name")) == .array([.string("bug"), .string("docs")]))
    #expect(try value(.property(.property(.all(.context("needs")), "outputs"), "v")) == .array([.string("1")]))
    #expect(try value(.all(.github("ref"))) == .array([]))
    #expect(try value(.element(.path("matrix.list"), .number(1.9))) == .number(20))
  }

  @Test(arguments: [
    (Expression.Function.contains, [Expression.string("Hello"), .string("ELL")], ExpressionValue.boolean(true)),
    (.contains, [.string("abc"), .string("")], .boolean(true)),
    (.contains, [.number(123), .number(2)], .boolean(true)),
    (.contains, [.github("event"), .string("labels")], .boolean(false)),
    (.startsWith, [.github("ref"), .string("REFS/heads/")], .boolean(true)),
    (.startsWith, [.string("a"), .string("ab")], .boolean(false)),
    (.endsWith, [.string("file.TXT"), .string(".txt")], .boolean(true)),
    (.format, [.string("{0}-{1}-{0} {{x}}"), .string("a"), .null], .string("a--a {x}")),
    (
      .fromJSON, [.string(#"{"A":{"b":[1.5,true,null,"\u00e9\ud83d\ude00\n"]}}"#)],
      .object(["A": .object(["b": .array([.number(1.5), .boolean(true), .null, .string("é😀\n")])])])
    ),
    (.toJSON, [.path("needs.a")], .string("{\n  \"result\": \"success\",\n  \"outputs\": {\n    \"v\": \"1\"\n  }\n}")),
    (.toJSON, [.call(.fromJSON, [.string("[[],{},1,\"a\\\"b\"]")])], .string("[\n  [],\n  {},\n  1,\n  \"a\\\"b\"\n]")),
    (.hashFiles, [.string("**")], .string("")), (.success, [], .boolean(true)), (.always, [], .boolean(true)),
    (.failure, [], .boolean(false)), (.cancelled, [], .boolean(false)),
  ])
  func functionsDoAsOnGitHub(function: Expression.Function, arguments: [Expression], expected: ExpressionValue) throws {
    #expect(try value(.call(function, arguments)) == expected)
  }

  @Test(arguments: ["{1}", "{", "}", "{0", "{a}", "{0:x}", "{99999999999999999999}"])
  func aBrokenFormatIsAnError(template: String) {
    #expect(throws: ExpressionFailure.invalidFormat(template)) {
      try value(.call(.format, [.string(template), .null]))
    }
  }

  @Test(arguments: [
    "", "{x}", "[1,]", "{\"a\":1,}", "01", "1.", "\"\\x\"", "\"\\ud800\"", "[", "\"", "nul", "1 2", "\"\\u12\"",
    String(repeating: "[", count: 100_000),
  ])
  func brokenJSONIsAnError(json: String) {
    #expect(ExpressionValue(json: json) == nil)
  }

  @Test func argumentsAreCountedAndStatusNeedsAnIf() {
    #expect(throws: ExpressionFailure.wrongArgumentCount(.contains)) { try value(.call(.contains, [.null])) }
    #expect(throws: ExpressionFailure.wrongArgumentCount(.format)) { try value(.call(.format, [])) }
    #expect(throws: ExpressionFailure.statusFunctionNotAvailable(.failure)) {
      try Expression.failure.evaluate(in: ExpressionContext())
    }
  }

  @Test(arguments: [
    (1.0, "1"), (1.5, "1.5"), (1e15, "1E+15"), (123_456_789_012_345, "123456789012345"), (0.1 + 0.2, "0.3"),
    (-0.0, "0"),
    (1e-5, "1E-05"), (.infinity, "Infinity"), (-.infinity, "-Infinity"), (.nan, "NaN"), (0.0001, "0.0001"),
    (-2.5e20, "-2.5E+20"), (0.999_999_999_999_999_9, "1"), (1200, "1200"), (1e100, "1E+100"),
  ])
  func numbersBecomeTextWithFifteenDigits(number: Double, text: String) {
    #expect(ExpressionValue.number(number).text == text)
  }

  @Test func aConditionWithoutAStatusFunctionAlsoNeedsSuccess() throws {
    var failed = Self.context
    failed.status = .init(success: false, failure: true, cancelled: false)
    let either: Expression = .boolean(false) || .boolean(true)
    #expect(try either.holds(in: Self.context))
    #expect(try !either.holds(in: failed))
    #expect(try (either && .failure).holds(in: failed))
    #expect(try Expression.string("false").holds(in: Self.context))
  }
}
