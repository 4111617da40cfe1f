/// The grammar of conditions as a regular expression, so that an editor underlines what `ConditionReader` would refuse. Which
/// names are declared, which units fit, and that no clause stands twice is the compiler's to say.
enum ConditionPattern {
  private static let number = "[0-9]{1,9}(\\.[0-9]{1,9})?"
  private static let reference = "(baseline|target|slo)"
  private static let amount = "(\(number)pp|\(QuantityText.pattern))"
  private static let threshold =
    "(\(QuantityText.pattern)|\(number)x +\(reference)|\(reference)( +[+-] +\(amount))?)"
  private static let sustained = "for +(\(timeSpanPattern)|[0-9]+ +checks?)"
  private static let clause =
    "(over +\(timeSpanPattern)|\(sustained)|floor +\(QuantityText.pattern)|with *>= *[0-9]+ +events)"

  static let text =
    "^ *[a-z][a-z0-9-]*( +fails( +\(sustained))?| *[<>]=? *\(threshold)( +\(clause))*) *$"
}
