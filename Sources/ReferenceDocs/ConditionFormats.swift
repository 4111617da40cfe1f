import TextLayout

/// The small language of conditions, and that of requests.
enum ConditionFormats {
  static let sections = [
    FormatSection(
      "Conditions",
      [
        Format(
          "a condition",
          .init("error-rate > 5% over 5m", "more than 5 % of the requests of the last five minutes failed"),
          .init(
            "p95-latency > slo + 20% over 5m for 3 checks",
            "more than a fifth above the metric's `slo`, three times in a row"),
          .init("p95-latency > target + 40ms for 2m", "more than 40 ms above the metric's `target`, for two minutes"),
          .init("throughput < 0.5x baseline over 5m", "less than half of what the version before does"),
          .init(
            "error-rate > 2x baseline floor 0.1% over 5m with >= 200 events",
            "twice the error rate of the version before, which counts as at least 0.1 %, among at least 200 requests"),
          .init("error-rate > baseline + 3pp", "three percentage points above the version before"),
          .init("availability >= 99.9% over 15m", "at least 99.9 % over a quarter of an hour"),
          .init("smoke fails for 2m", "the check `smoke` has failed without a break for two minutes"),
          .init("{ manual: A P0 path is broken. }", "a person has seen it"))
      ],
      [
        .paragraph(
          inlines(
            "One grammar for requirements, rollback conditions and checks. Words in capitals are explained below, what "
              + "is in square brackets can be left out, and clauses can come in any order.")),
        .code(
          language: "text",
          text: """
            CONDITION   METRIC COMPARISON THRESHOLD [floor QUANTITY] [over TIME] [for TIME | for N checks] [with >= N events]
                        CHECK fails [for TIME | for N checks]
                        manual: TEXT

            COMPARISON  <   <=   >   >=
            THRESHOLD   QUANTITY                        5%   500ms   250/s   18
                        REFERENCE                       slo
                        FACTORx REFERENCE               2x baseline
                        REFERENCE + AMOUNT              slo + 20%
                        REFERENCE - AMOUNT              target - 10%
            REFERENCE   baseline   target   slo
            AMOUNT      N%  (of the reference)   Npp  (percentage points)   QUANTITY
            """),
        .table(
          header: [[.text("Part")], [.text("What it says")]],
          rows: parts.map { [inlines($0), inlines($1)] }),
        .paragraph(
          inlines(
            "A condition is met, not met or unknown. Unknown is no data, no number, a timeout, a baseline of zero or too "
              + "few events. It never counts as met. In a rollback condition it breaks no unbroken row either, and longer "
              + "than `no-data-limit` of it takes the release back; a requirement that is unknown at the end of its hold "
              + "extends the hold once and then fails.")),
      ]),
    FormatSection(
      "Requests",
      [
        Format(
          "a request", .init("GET /health", "answered with status 200"),
          .init("GET /health < 500ms", "answered with status 200 within half a second"),
          .init("POST /v1/ping 201", "answered with status 201"),
          .init("GET /old 301 < 1s", "answered with status 301 within a second"))
      ],
      [
        .paragraph(
          inlines(
            "`METHOD PATH [STATUS] [< TIME]`. The method is one of `GET`, `HEAD`, `POST`, `PUT`, `DELETE`, `PATCH` and "
              + "`OPTIONS`; the path starts with `/` and can have a query. The address before it comes from the "
              + "environment."))
      ]),
  ]

  private static let parts: [(String, String)] = [
    ("`METRIC`, `CHECK`", "A name that is declared under `metrics` or `checks`."),
    (
      "`baseline`",
      "The same metric of the version before, over the same window; once it has no traffic of its own, the value that was "
        + "noted before the first shift."
    ),
    ("`target`, `slo`", "The value that the metric declares under that key."),
    (
      "`floor`",
      "What a lower baseline counts as. Only beside `baseline`; without it, a baseline of zero is unknown, unless an amount is added to it."
    ),
    (
      "`over`",
      "The window that is measured. Without it: the whole hold for what a step requires, otherwise four samples of the "
        + "source, at least a minute."
    ),
    (
      "`for`",
      "In a rollback condition: how long, or how many checks in a row (1 to 1000), it must be met without a break. Without "
        + "it, once is enough."
    ),
    ("`with`", "Below this many events in the window the answer is unknown. Only for metrics with a `ratio`."),
    (
      "`fails`",
      "Met while the check fails, unknown while the check is. Not for `require`, which asks for what is good."
    ),
    (
      "`manual`",
      "What only a person can judge: a mapping with one key, in a list `- manual: TEXT`. It stands in the runbook and in "
        + "the form that starts a rollback. Only for rollback conditions."
    ),
  ]
}
