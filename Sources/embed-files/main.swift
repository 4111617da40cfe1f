// Writes text files as one Swift source: embed-files FOLDER OUTPUT PATH…
// Called by the plugin EmbedWorld while the package is built.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

func fail(_ message: String) -> Never {
  let text = Array("embed-files: \(message)\n".utf8)
  _ = write(STDERR_FILENO, text, text.count)
  exit(1)
}

func text(of path: String) -> String {
  guard let file = fopen(path, "rb") else { fail("cannot read \(path)") }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
  return String(decoding: bytes, as: UTF8.self)
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { fail("usage: embed-files FOLDER OUTPUT PATH…") }
let folder = arguments[1]
var source = """
  /// The files of `Sources/Rehearsal/World`, written by the plugin EmbedWorld.
  enum EmbeddedWorld {
    static let files: [(path: String, isExecutable: Bool, text: String)] = [

  """
for path in arguments[3...] {
  let place = folder + "/" + path
  let content = text(of: place)
  if content.contains("\"\"\"####") || content.utf8.contains(13) { fail("\(path) cannot be written as a literal") }
  // The last line feed of the file is that of the literal's empty last line.
  source += "(\"\(path)\", \(access(place, X_OK) == 0), ####\"\"\"\n\(content)\n\"\"\"####),\n"
}
source += "  ]\n}\n"
guard let output = fopen(arguments[2], "wb") else { fail("cannot write \(arguments[2])") }
let bytes = Array(source.utf8)
guard fwrite(bytes, 1, bytes.count, output) == bytes.count, fclose(output) == 0 else {
  fail("cannot write \(arguments[2])")
}
