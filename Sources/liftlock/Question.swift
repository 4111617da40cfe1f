#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a person at a terminal is asked. Questions go to standard error, so that results stay alone on standard output.
enum Question {
  /// Somebody is there to answer.
  static var canBeAsked: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// An answer that nothing is wrong with, after as many tries as it takes; an empty one stands for `standard`.
  /// `nil`: the input has ended.
  static func ask(_ question: String, standard: String?, problem: (String) -> String?) -> String? {
    while true {
      Terminal.write(question + (standard.map { " [\($0)]" } ?? "") + ": ", to: STDERR_FILENO)
      guard let line = readLine() else {
        Terminal.write("\n", to: STDERR_FILENO)
        return nil
      }
      var answer = line.drop { $0 == " " || $0 == "\t" }
      while let last = answer.last, last == " " || last == "\t" || last == "\r" { answer.removeLast() }
      if answer.isEmpty, let standard { return standard }
      guard let problem = problem(String(answer)) else { return String(answer) }
      Terminal.complain("  \(problem)")
    }
  }

  /// One of several, by its name or its number; the first one when nothing is typed.
  static func choose(_ question: String, among choices: [(name: String, summary: String)]) -> String? {
    let width = choices.map(\.name.count).max() ?? 0
    Terminal.complain(question)
    for (index, choice) in choices.enumerated() {
      let gap = String(repeating: " ", count: width - choice.name.count)
      Terminal.complain("  \(index + 1)  \(choice.name)\(gap)  \(choice.summary)")
    }
    let names = choices.map(\.name)
    func number(_ answer: String) -> Int? { Int(answer).flatMap { (1...names.count).contains($0) ? $0 : nil } }
    let answer = ask("Name or number", standard: names.first) { answer in
      names.contains(answer) || number(answer) != nil
        ? nil : "write one of the names, or a number from 1 to \(names.count)"
    }
    return answer.map { answer in number(answer).map { names[$0 - 1] } ?? answer }
  }
}
