import GitHubWorkflow
import Testing

@Suite struct ExpressionRenderingTests {
  private static let a = Expression.variable("A")
  private static let b = Expression.variable("B")
  private static let c = Expression.variable("C")

  @Test(arguments: [
    (Expression.null, "null"), (.boolean(true), "true"), (.number(3), "3"), (.number(-1.5), "-1.5"),
    (.string("it's"), "'it''s'"), (.github("event.pull_request.number"), "github.event.pull_request.number"),
    (.property(.context("inputs"), "a b"), "inputs['a b']"), (.input("dry-run"), "inputs.dry-run"),
    (.element(.path("github.event.labels"), .number(0)), "github.event.labels[0]"),
    (.property(.all(.context("needs")), "result"), "needs.*.result"),
    (
      .call(.contains, [.property(.all(.context("needs")), "result"), .string("failure")]),
      "contains(needs.*.result, 'failure')"
    ),
    (.property(.call(.fromJSON, [.variable("J")]), "x"), "fromJSON(vars.J).x"),
    (.call(.format, [.string("{0}"), .number(1)]), "format('{0}', 1)"),
    (.result(ofJob: "build"), "needs.build.result"), (.output("v", ofJob: "build"), "needs.build.outputs.v"),
    (.outcome(ofStep: "s"), "steps.s.outcome"), (.output("v", ofStep: "s"), "steps.s.outputs.v"),
    (.secret("T"), "secrets.T"), (.environmentVariable("E"), "env.E"), (.matrix("os"), "matrix.os"),
    (.always, "always()"), (a.starts(with: "x"), "startsWith(vars.A, 'x')"),
  ])
  func expressionsAreWrittenAsGitHubReadsThem(expression: Expression, expected: String) {
    #expect(expression.rendered == expected)
    #expect(expression.interpolated == "${{ \(expected) }}")
  }

  @Test(arguments: [
    (a && b && c, "vars.A && vars.B && vars.C"), (a && (b && c), "vars.A && vars.B && vars.C"),
    (a || b && c, "vars.A || vars.B && vars.C"), ((a || b) && c, "(vars.A || vars.B) && vars.C"),
    (!(a && b), "!(vars.A && vars.B)"), (!(!a), "!!vars.A"), (!a.equals("x"), "!(vars.A == 'x')"),
    ((!a).equals(b), "!vars.A == vars.B"), (a.equals(b).equals(c), "vars.A == vars.B == vars.C"),
    (a.equals(b.equals(c)), "vars.A == (vars.B == vars.C)"),
    (.comparison(.less, a, b).equals(.boolean(true)), "vars.A < vars.B == true"),
    (.comparison(.less, a.equals(b), c), "(vars.A == vars.B) < vars.C"),
    (.comparison(.greater, a, .comparison(.less, b, c)), "vars.A > (vars.B < vars.C)"),
    ((a && b).equals(c), "(vars.A && vars.B) == vars.C"), (.property(a || b, "x"), "(vars.A || vars.B).x"),
    (.allOf([a, b || c]), "vars.A && (vars.B || vars.C)"), (.anyOf([a, b]), "vars.A || vars.B"),
    (.allOf([]), "true"), (.anyOf([]), "false"),
  ])
  func parenthesesAreWrittenOnlyWhereTheyChangeTheMeaning(expression: Expression, expected: String) {
    #expect(expression.rendered == expected)
  }

  @Test func lookUpsAndStatusFunctionsAreFound() {
    let expression: Expression = !.cancelled && .result(ofJob: "a").equals(.property(.all(.context("needs")), "x"))
    #expect(expression.paths == [["needs", "a", "result"], ["needs"]])
    #expect(expression.hasStatusFunction)
    #expect(!Self.a.hasStatusFunction)
  }

  @Test func templatesKeepForeignTextFromBecomingAnExpression() {
    let text = "x ${{ secrets.TOKEN }} $${{"
    let template: Template = "v-\(.github("sha"))-\(text: text)"
    #expect(template.rendered == "v-${{ github.sha }}-x ${{ '${{' }} secrets.TOKEN }} $${{ '${{' }}")
    #expect(Template([.text("$"), .text("{{ x }}")]).rendered == "${{ '${{' }} x }}")
    #expect(Value.text("${{ x").rendered == "${{ '${{' }} x")
    #expect(RunScript(text: "echo ${{ x }}\n\n").rendered == "echo ${{ '${{' }} x }}")
    #expect(RunScript(text: "echo ${x} $( a; ) {{ b }}").rendered == "echo ${x} $( a; ) {{ b }}")
  }
}
