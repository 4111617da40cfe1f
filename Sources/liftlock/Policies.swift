import ArgumentParser
import Diagnostics
import ReleaseCompiler
import ReleaseModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Specs and, where they were judged by one, the policy.
struct Judged {
  let specs: [ReleaseCompiler.Checked]
  var policyFile: SourceFile?
  /// What is wrong with the policy, or with its waivers for these services.
  var inPolicy: [Diagnostic] = []

  var hasErrors: Bool { specs.contains(where: \.hasErrors) || inPolicy.contains { $0.severity == .error } }
}

/// The minimum that specs are judged by.
struct PolicyOptions: ParsableArguments {
  @Option(help: "The policy whose minimum the specs have to meet; only one.")
  var policy: [String] = []

  @Option(help: "The day on which waivers are judged, as YYYY-MM-DD; default: today in UTC.")
  var today: String?

  func validate() throws {
    if policy.count > 1 { throw ValidationError("use only one --policy: which of two minimums holds would be a guess") }
    if let today, CalendarDay(today)?.year == nil {
      throw ValidationError("`\(today)` is not a day; write --today 2027-01-31")
    }
  }

  /// Reads the policy, if there is one, and judges the specs. Ends with 2 when a file cannot be read.
  func check(_ files: [SourceFile]) throws -> Judged {
    guard let path = policy.first else { return Judged(specs: files.map { ReleaseCompiler.check($0) }) }
    let file: SourceFile
    do {
      file = SourceFile(path: path == "-" ? "<standard input>" : path, text: try Files.read(path))
    } catch {
      Terminal.complain("liftlock: \(error)")
      throw ExitCode.usage
    }
    if case .spec = ReleaseCompiler.kind(of: file) {
      Terminal.complain(
        "liftlock: \(file.path) is a release spec, and --policy takes a policy: a file with `liftlock-policy: 1`; specs are "
          + "named without an option")
      throw ExitCode.usage
    }
    let read = ReleaseCompiler.readPolicy(file)
    let minimum = read.policy.map { ReleaseCompiler.Minimum(policy: $0, today: day) }
    let checked = files.map { ReleaseCompiler.check($0, against: minimum) }
    var sink = DiagnosticSink()
    for diagnostic in read.diagnostics + checked.flatMap(\.inPolicy) { sink.report(diagnostic) }
    return Judged(specs: checked, policyFile: file, inPolicy: sink.sorted())
  }

  /// The only place where a clock is read.
  private var day: CalendarDay {
    if let today, let day = CalendarDay(today) { return day }
    let day = CalendarDay(number1970: Int(time(nil)) / 86_400)
    return day ?? CalendarDay(year: 1970, month: 1, day: 1)
  }
}
