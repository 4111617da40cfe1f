import GitHubWorkflow
import ReleaseModel

/// A rehearsal for people: what happened when, and how it ended.
public enum RehearsalText {
  /// What happened, a line each, with the time since the beginning.
  public static func timeline(_ report: RehearsalReport) -> String {
    var lines = [
      report.isLive
        ? "\(report.service) to \(report.environment), for real on this machine. Times are since the beginning."
        : "\(report.service) to \(report.environment), rehearsed against stand-ins. Times are virtual, since the beginning.",
      "",
    ]
    var job = ""
    for (index, step) in report.steps.enumerated() where !isQuiet(step) {
      if step.job != job {
        job = step.job
        lines.append(step.jobName)
      }
      lines.append("  \(clock(step.began, report))  \(mark(step))  \(step.name)\(took(step))\(broken(step))")
      for moment in report.moments where moment.step == index && isShown(moment) { lines.append(line(moment, report)) }
    }
    for job in report.jobs where job.steps.isEmpty && job.result != .skipped {
      lines.append("\(job.id): \(job.result.rawValue)\(job.error.map { ", \($0)" } ?? "")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// How it ended.
  public static func summary(_ report: RehearsalReport) -> String {
    var rows: [(String, String)] = [
      ("ended", report.ending.words(weight: Int(report.weight.rounded()))),
      (
        "traffic",
        "\(shortNumber(report.weight)) % new version, \(shortNumber(report.versions[Scenario.before] ?? 0)) % version before"
      ),
      ("took", span(report.end - report.start)),
      ("target", note(report.marker)),
    ]
    for record in report.records {
      let reason = record.reason.isEmpty ? "" : ": \(record.reason)"
      rows.append(("record", "\(record.job): \(record.result)\(reason)"))
    }
    if report.records.isEmpty { rows.append(("record", "none: the release did not get as far as its rollout")) }
    rows += report.told.map { ("told", $0) }
    rows += report.untold.map { ("NOT told", $0) }
    rows += report.remarks.map { ("look at", $0) }
    rows += report.problems.map { ("stand-ins", $0) }
    rows += report.leaks.map { ("SECRET", $0) }
    if let line = report.byHand { rows.append(("by hand", line)) }
    if !report.standIns.isEmpty {
      rows.append(("not run", report.standIns.joined(separator: ", ") + " (stand-ins; --run-commands runs them)"))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in
      name + String(repeating: " ", count: width - name.count + 2) + text
    }.joined(separator: "\n") + "\n"
  }

  // MARK: - Lines

  private static func isQuiet(_ step: StepReport) -> Bool {
    (step.name == "Check out" || step.name == "Sum up" || step.name == "Keep the record") && step.isSuccess
  }

  /// What the step's own line says already, and what only a log needs.
  private static func isShown(_ moment: RehearsalReport.Moment) -> Bool {
    ![
      "tell", "shifting", "deploying", "preflight", "baseline", "met", "finished", "passed", "held", "shifted",
      "undone",
    ].contains(moment.event)
  }

  private static func line(_ moment: RehearsalReport.Moment, _ report: RehearsalReport) -> String {
    let text =
      switch moment.kind {
      case .traffic: "\(bar(moment.weight ?? 0))  \(moment.text)"
      case .error: "! \(moment.text)"
      case .journal: (said[moment.event] ?? "") + moment.text
      }
    return "  \(clock(moment.at, report))       \(shortened(text))"
  }

  /// What a text of the journal lacks when its event does not stand before it.
  private static let said = ["rolling-back": "rolling back ", "stopped": "stopped: ", "unmet": "not met: "]

  /// Digests by their first digits.
  static func shortened(_ text: String) -> String {
    var result = ""
    var digits = 0
    for character in text {
      digits = character.isHexDigit ? digits + 1 : 0
      if digits == 13, result.suffix(20).contains("sha256:") { result += "…" }
      if digits >= 13, result.hasSuffix("…") { continue }
      result.append(character)
    }
    return result
  }

  private static func mark(_ step: StepReport) -> String {
    step.interruption != nil ? "✂" : step.isSuccess ? "✓" : "✗"
  }

  private static func took(_ step: StepReport) -> String {
    let time = (step.ended ?? step.began) - step.began
    return time >= 60_000 ? " (took \(span(time)))" : ""
  }

  private static func broken(_ step: StepReport) -> String {
    switch step.interruption {
    case .runCancelled: ": the run was cancelled here"
    case .jobTimedOut: ": the job's time was up here"
    case .runnerLost: ": the runner was lost here"
    case nil: ""
    }
  }

  /// Twenty cells for the traffic, those of the new version filled.
  static func bar(_ weight: Double) -> String {
    // Something is never nothing, and not everything is never all.
    let cells = weight <= 0 ? 0 : weight >= 100 ? 20 : min(19, max(1, Int((weight / 5).rounded())))
    return "[" + String(repeating: "█", count: cells) + String(repeating: "·", count: 20 - cells) + "]"
  }

  private static func clock(_ at: Int, _ report: RehearsalReport) -> String {
    let seconds = max(0, at - report.start) / 1000
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(seconds / 3600):\(two(seconds % 3600 / 60)):\(two(seconds % 60))"
  }

  private static func span(_ milliseconds: Int) -> String { TimeSpan(milliseconds: milliseconds).rounded.description }

  private static func note(_ marker: [String: String]) -> String {
    guard let state = marker["state"], !state.isEmpty else { return "no note of a release" }
    return "noted as \(state), run \(marker["run"] ?? ""), \(marker["weight"] ?? "0") %"
  }

  /// For programs: one object with `version` (1). Times are seconds since the beginning.
  public static func json(_ report: RehearsalReport) -> String {
    func seconds(_ at: Int) -> JSON { .number(Double(at - report.start) / 1000) }
    func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
    let steps = report.steps.map { step -> JSON in
      [
        "job": .string(step.job), "step": .string(step.name), "began": seconds(step.began),
        "ended": seconds(step.ended ?? step.began), "success": .bool(step.isSuccess),
        "interrupted": .bool(step.interruption != nil),
      ]
    }
    let moments = report.moments.map { moment -> JSON in
      var object: JSON = [
        "at": seconds(moment.at), "kind": .string(moment.kind.rawValue), "event": .string(moment.event),
        "text": .string(moment.text),
      ]
      if let weight = moment.weight { object["weight"] = .number(weight) }
      return object
    }
    let object: JSON = [
      "version": 1, "service": .string(report.service), "environment": .string(report.environment),
      "ending": .string(report.ending.rawValue), "declared": .bool(report.ending.isDeclared),
      "weight": .number(report.weight), "seconds": seconds(report.end),
      "conclusion": .string(report.conclusion.rawValue), "marker": .object(report.marker.mapValues { .string($0) }),
      "records": .array(
        report.records.map {
          [
            "job": .string($0.job), "result": .string($0.result), "state": .string($0.state),
            "reason": .string($0.reason),
          ]
        }),
      "told": texts(report.told), "untold": texts(report.untold), "remarks": texts(report.remarks),
      "problems": texts(report.problems), "leaks": texts(report.leaks), "standIns": texts(report.standIns),
      "byHand": report.byHand.map { .string($0) } ?? .null, "steps": .array(steps), "timeline": .array(moments),
    ]
    return object.text + "\n"
  }
}
