import ReleaseModel

/// `a`, `b` and `c`, each in backticks, as it reads in a sentence.
func spelled(_ names: [String], joining word: String = "and") -> String {
  let quoted = names.map { "`\($0)`" }
  guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
  return quoted.dropLast().joined(separator: ", ") + " \(word) " + last
}

/// A value of a metric with its unit, such as `5%`. Sizes that no spec means seriously are written with an exponent.
func spelled(_ value: Double, in unit: MetricUnit) -> String {
  guard value.magnitude < 1e15 else { return "\(value)" }
  return Quantity(value, unit).description
}

extension PromotionCell {
  /// As it is written in the matrix.
  var written: String {
    switch self {
    case .required: "required"
    case .requiredForCandidates: "required-for: candidates"
    case .recommended: "recommended"
    case .optional: "optional"
    case .notApplicable: "not-applicable"
    case .soak(let time, let isRequired): "\(isRequired ? "required" : "recommended"): \(time)"
    case .approvals(let approvals): "[" + approvals.map(\.written).joined(separator: ", ") + "]"
    }
  }
}

extension ApprovalRequirement {
  /// As it is written in the matrix.
  var written: String {
    roles.count == 1 ? roles.joined() : "any-of: [" + roles.joined(separator: ", ") + "]"
  }
}
