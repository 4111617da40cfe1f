import Diagnostics
import ReleaseModel

/// What a person asked for cannot be read.
public struct RequestProblem: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// Reads what a person asks of a rehearsal into typed values.
public struct RehearsalRequest: Sendable {
  private let operations: [Operation]
  private let environment: EnvironmentPlan

  public init(operations: [Operation], environment: EnvironmentPlan) {
    self.operations = operations
    self.environment = environment
  }

  /// `OPERATION:KIND`
  public func faults(_ text: String) throws -> [OperationFault] {
    guard let colon = text.lastIndex(of: ":") else {
      throw RequestProblem("--fault \(text): write OPERATION:KIND, such as 'deploy:hang'")
    }
    let name = String(text[..<colon])
    let word = String(text[text.index(after: colon)...])
    let named = operations.filter { $0.name == name }
    if named.isEmpty { throw UnknownName(kind: "operation", name: name, known: operations.map(\.name)) }
    let kinds = named.flatMap(\.kinds)
    guard let kind = FaultKind(rawValue: word), kinds.contains(kind) else {
      throw UnknownName(kind: "fault of “\(name)”", name: word, known: kinds.map(\.rawValue))
    }
    return named.filter { $0.kinds.contains(kind) }.map { OperationFault($0, kind) }
  }

  /// `METRIC=VALUE@ONSET`, `health@ONSET`
  public func badVersion(_ text: String) throws -> BadVersion {
    guard let at = text.lastIndex(of: "@") else {
      throw RequestProblem(
        "--bad \(text): say from when on, such as \(text)@25% (a share) or \(text)@5m (after its first traffic)")
    }
    let onset = try onset(String(text[text.index(after: at)...]), in: text)
    let what = text[..<at]
    guard let equals = what.firstIndex(of: "=") else {
      guard what == "health" else {
        throw RequestProblem("--bad \(text): write METRIC=VALUE@\(text[text.index(after: at)...])")
      }
      return .health(from: onset, text: text)
    }
    let name = String(what[..<equals])
    guard let metric = environment.metrics.first(where: { $0.name == name }) else {
      throw UnknownName(
        kind: "metric of \(environment.name)", name: name, known: environment.metrics.map(\.name) + ["health"])
    }
    let written = String(what[what.index(after: equals)...])
    let unit = metric.metric.unit
    if Double(written) != nil, [.percent, .milliseconds, .seconds, .perSecond].contains(unit) {
      let right = Quantity(Double(written) ?? 0, unit).description
      throw RequestProblem(
        "--bad \(text): “\(written)” has no unit, and \(name) has one; write --bad \(name)=\(right)\(text[at...])")
    }
    guard let value = Self.value(written, unit) else {
      throw RequestProblem(
        "--bad \(text): “\(written)” is no value of \(name); write it like \(unit.example)")
    }
    return .metric(metric, value, from: onset, text: text)
  }

  private func onset(_ text: String, in whole: String) throws -> BadVersion.Onset {
    if text.hasSuffix("%"), let percent = Int(text.dropLast()), (0...100).contains(percent) { return .share(percent) }
    if let time = TimeSpan(text) { return .afterTraffic(time) }
    throw RequestProblem("--bad \(whole): “\(text)” is neither a share (25%) nor a time (5m)")
  }

  /// A number with the unit of a metric; with none only where a metric has none that could be written.
  private static func value(_ text: String, _ unit: MetricUnit) -> Double? {
    let suffixes: [(String, MetricUnit)] = [
      ("%", .percent), ("ms", .milliseconds), ("/s", .perSecond), ("s", .seconds),
    ]
    for (suffix, own) in suffixes where text.hasSuffix(suffix) {
      return Double(text.dropLast(suffix.count)).flatMap { Quantity($0, own).value(in: unit) }
    }
    return Double(text)
  }

  /// A step's name or its beginning, or a time since the beginning.
  public func interruption(_ kind: PlannedInterruption.Kind, _ text: String) throws -> PlannedInterruption {
    if let time = TimeSpan(text) { return PlannedInterruption(kind, at: .moment(time.seconds)) }
    return PlannedInterruption(kind, at: .step(text, after: 60))
  }

  /// What is wrong with a name, and what was probably meant.
  public static func message(_ unknown: UnknownName) -> String {
    let start = "there is no \(unknown.kind) “\(unknown.name)”"
    if let near = Spelling.closest(to: unknown.name, among: unknown.known) {
      return "\(start); did you mean “\(near)”?"
    }
    let known = unknown.known.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return known.isEmpty ? start : "\(start); there are: \(known.joined(separator: ", "))"
  }
}
