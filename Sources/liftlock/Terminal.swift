import ArgumentParser
import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard output, standard error, and what the terminal can show.
enum Terminal {
  static func print(_ text: String) {
    write(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n", to: STDOUT_FILENO)
  }
  static func complain(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO) }

  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        // A reader that is gone (`| head`) ends the program by a signal; this is a full disk.
        if descriptor != STDERR_FILENO {
          complain("liftlock: cannot write the output: \(String(cString: strerror(errno)))")
        }
        systemExit(2)
      }
      bytes = bytes.dropFirst(count)
    }
  }

  static func exit(_ code: ExitCode) -> Never { systemExit(code.rawValue) }

  /// Whether colours are wanted on standard output: never under NO_COLOR (https://no-color.org) or in a pipe.
  static func showsColor(_ choice: ColorChoice) -> Bool {
    switch choice {
    case .always: true
    case .never: false
    case .auto: isatty(STDOUT_FILENO) == 1 && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    }
  }

  /// Where links lead; `nil` where standard output is no terminal that could follow them, or plain text was asked for.
  static func links(_ choice: ColorChoice) -> FileLinks? {
    guard isatty(STDOUT_FILENO) == 1, environment("TERM") != "dumb", showsColor(choice) else { return nil }
    guard let folder else { return nil }
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return nil }
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return FileLinks(host: host, folder: folder)
  }

  /// The working folder.
  static var folder: String? {
    guard let folder = getcwd(nil, 0) else { return nil }
    defer { free(folder) }
    return String(cString: folder)
  }

  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

// The C functions under names that do not clash with the methods above.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
private func systemExit(_ code: Int32) -> Never { exit(code) }
